/**
 * What a person may take out of watching while everything is safe, by name, reason and a time: a device, a line or the
 * rig (not one frame goes there), and one limit (it is not looked at). The book says what it is, so it outlives the process.
 */
import { formatDuration } from "../base/quantity.js";
import type { AlarmFacts } from "../limit/alarm/change.js";
import { limitFacts, rigFacts } from "../limit/alarm/facts.js";
import {
  type BypassWord,
  isBypass,
  isBypassed,
  type Outage,
  outages,
  type ServiceWord,
  serviceFacts,
} from "../limit/alarm/service.js";
import type { RefusalCode } from "../limit/alarm/state.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { BoundRig } from "../rig/bind.js";
import { allActed, safetyText } from "../rig/safety.js";
import type { Neighbour } from "./neighbours.js";
import type { RigBook } from "./rig-book.js";

/** What came of a word; `code`: why the book refused it. */
export type ServiceAnswer = { accepted: boolean; text: string; code?: RefusalCode };

/** One limit of the rig file that trips; `station` of one that counts for each. */
export type LimitName = { limit: string; station?: string };

/** Other rigs on these lines of the rig. */
export type Neighbours = (lines: readonly string[]) => readonly Neighbour[];

export class RigService {
  readonly #rig: BoundRig;
  readonly #limits: readonly CompiledLimit[];
  readonly #book: RigBook;
  readonly #neighbours: Neighbours;

  /** What was out of service when the process before ended is so from here on. */
  constructor(
    rig: BoundRig,
    limits: readonly CompiledLimit[],
    book: RigBook,
    neighbours: Neighbours = () => [],
  ) {
    this.#rig = rig;
    this.#limits = limits;
    this.#book = book;
    this.#neighbours = neighbours;
    if (outages(book.alarms).length > 0) rig.takeOut(this.#devicesOut());
  }

  /** Not of a device that is out of service, and not bypassed. */
  isLookedAt(limit: CompiledLimit): boolean {
    return !this.#rig.isOut(limit.column) && !isBypassed(this.#book.alarms, limit);
  }

  /** Limits that are bypassed now, in words; what a run does meanwhile is under them. */
  bypasses(): string[] {
    return this.#book.alarms.rows.filter(isBypass).map((row) => {
      const { by, second, reason } = row.outOfService!;
      const place = row.station === null ? "" : `${row.station} `;
      return `${place}${row.limit} is bypassed by ${by} with ${second}: ${reason}; exposure from here on is under it`;
    });
  }

  async outOfService(outage: Outage, word: ServiceWord): Promise<ServiceAnswer> {
    const neighbours = this.#neighbours(this.#linesOf(outage));
    const own = this.#unsafe() ?? this.#unknown(outage) ?? lengthRefusal(word.lengthMs);
    const refused = own ?? neighbourUnsafe(neighbours);
    if (refused !== undefined) return { accepted: false, text: refused };
    // At once, so that nothing is begun while it is written.
    const out = this.#devicesOut();
    this.#rig.takeOut(new Set([...out, ...this.#devicesOf(outage)]));
    const facts = serviceFacts(this.#rig.name, outage);
    const code = await this.#book.takeOut(facts, this.#alarmsOf(outage), word);
    if (code !== undefined) {
      this.#rig.takeOut(this.#devicesOut());
      return { accepted: false, text: code, code };
    }
    const text = `${outage.name} is out of service for ${formatDuration(word.lengthMs)}: ${word.reason}`;
    this.#book.noteService(outage, "out", text, word);
    const beside = neighbours.map(neighbourText).join("");
    return { accepted: true, text: `${text}; this is not a lock-out: lock the isolator${beside}` };
  }

  /** Each device must say who it is; what does not stand as it was made safe is made safe. */
  async returnToService(outage: Outage, by: string): Promise<ServiceAnswer> {
    const same = ({ what, name }: Outage) => what === outage.what && name === outage.name;
    const all = outages(this.#book.alarms);
    if (!all.some(same)) return { accepted: false, text: `${outage.name} is not out of service` };
    const rest = all.filter((one) => !same(one));
    const stays = new Set(rest.flatMap((one) => this.#devicesOf(one)));
    this.#rig.takeOut(stays);
    const stranger = await this.#strangerAmong(this.#devicesOf(outage), stays);
    if (stranger !== undefined) {
      this.#rig.takeOut(this.#devicesOut());
      return { accepted: false, text: `it stays out of service: ${stranger}` };
    }
    const covered = new Set(rest.flatMap((one) => this.#alarmsOf(one).map(nameOf)));
    const alarms = this.#alarmsOf(outage).filter((facts) => !covered.has(nameOf(facts)));
    await this.#book.putBack(serviceFacts(this.#rig.name, outage), alarms, by);
    const safety = await this.#rig.verify();
    const text = `${outage.name} is returned to service by ${by}: ${safetyText(safety)}`;
    this.#book.noteService(outage, "returned", text, { by });
    return { accepted: true, text };
  }

  async bypass(name: LimitName, word: BypassWord): Promise<ServiceAnswer> {
    const limit = this.#limitNamed(name);
    const unsafe = this.#unsafe();
    if (unsafe !== undefined) return { accepted: false, text: unsafe };
    if (limit === undefined) return { accepted: false, text: this.#noLimit(name) };
    const { dimension } = this.#rig.columns[limit.column]!;
    const code = await this.#book.bypass({ limit, dimension }, word);
    if (code !== undefined) return { accepted: false, text: code, code };
    const time = formatDuration(word.lengthMs);
    const text = `${limit.name} is bypassed for ${time} by ${word.by} with ${word.second}: ${word.reason}`;
    this.#book.noteBypass(limit, "bypassed", text, word);
    return { accepted: true, text: `${text}; stay at the rig` };
  }

  /** Its limit is looked at again, and trips where it is still violated. */
  async restore(name: LimitName, by: string): Promise<ServiceAnswer> {
    const limit = this.#limitNamed(name);
    if (limit === undefined) return { accepted: false, text: this.#noLimit(name) };
    if (!isBypassed(this.#book.alarms, limit)) {
      return { accepted: false, text: `${limit.name} is not bypassed` };
    }
    await this.#book.restore(limitFacts(this.#rig.name, limit), by);
    const text = `${limit.name} counts again, by ${by}`;
    this.#book.noteBypass(limit, "restored", text, { by });
    return { accepted: true, text };
  }

  #unsafe(): string | undefined {
    const safety = this.#rig.safety();
    if (this.#rig.isSafe && allActed(safety)) return undefined;
    return `the rig is not safe: ${safetyText(safety)}; wearout rig safe makes it so`;
  }

  #unknown(outage: Outage): string | undefined {
    if (this.#devicesOf(outage).length > 0) return undefined;
    return `no ${outage.what} of ${this.#rig.name} is called ${outage.name}`;
  }

  #devicesOf({ what, name }: Outage): string[] {
    const devices = [...this.#rig.sessions.values()].map(({ device }) => device);
    if (what === "rig") return name === this.#rig.name ? devices.map((d) => d.name) : [];
    const meant = devices.filter((d) => (what === "line" ? d.line : d.name) === name);
    return meant.map((d) => d.name);
  }

  #linesOf(outage: Outage): string[] {
    const devices = this.#devicesOf(outage).map((name) => this.#rig.sessions.get(name)!.device);
    return [...new Set(devices.map(({ line }) => line))];
  }

  #devicesOut(): Set<string> {
    return new Set(outages(this.#book.alarms).flatMap((one) => this.#devicesOf(one)));
  }

  /** Of what cannot be seen there. */
  #alarmsOf(outage: Outage): AlarmFacts[] {
    const { name, columns, actuators } = this.#rig;
    const devices = new Set(this.#devicesOf(outage));
    const isThere = (column: number) => this.#rig.devicesOf(column).some((d) => devices.has(d));
    const limits = this.#limits.filter(({ column }) => isThere(column));
    const silent = actuators.filter(({ column }) => isThere(column));
    return [
      ...limits.map((limit) => limitFacts(name, limit)),
      ...silent.map(({ column }) => rigFacts(name, "actuator-silent", columns[column]!.name)),
      ...[...devices].map((device) => rigFacts(name, "another-hand", device)),
      ...(outage.what === "line" ? [rigFacts(name, "line-lost", outage.name)] : []),
    ];
  }

  async #strangerAmong(
    devices: readonly string[],
    stays: ReadonlySet<string>,
  ): Promise<string | undefined> {
    for (const name of devices) {
      if (stays.has(name)) continue;
      const fault = await this.#rig.sessions.get(name)?.identify("fast");
      if (fault !== undefined) return `${name}: ${fault.detail}`;
    }
    return undefined;
  }

  #limitNamed({ limit, station }: LimitName): CompiledLimit | undefined {
    const trips = this.#limits.filter(({ reaction }) => reaction === "trip");
    return trips.find((l) => l.name === limit && l.station === station);
  }

  #noLimit({ limit, station }: LimitName): string {
    const place = station === undefined ? "" : ` at ${station}`;
    return `${limit}${place} is no limit of ${this.#rig.name} that trips`;
  }
}

function lengthRefusal(lengthMs: number): string | undefined {
  return lengthMs > 0 && Number.isFinite(lengthMs) ? undefined : "say for how long, as 8 h";
}

function neighbourUnsafe(neighbours: readonly Neighbour[]): string | undefined {
  const open = neighbours.find((n) => n.open.length > 0);
  if (open === undefined) return undefined;
  const { rig, site, lines } = open;
  const what = `rig ${rig} is on the same wire (line ${lines.join(", ")})`;
  const help = `make it safe first: wearout --site ${site} rig safe ${rig}`;
  return `${what}, and its ${open.open.join(", ")} may be energised: ${help}`;
}

/** It is not taken out with this one. */
function neighbourText({ rig, site, lines }: Neighbour): string {
  const what = `rig ${rig} of the site ${site} is on the same wire (line ${lines.join(", ")})`;
  return `; ${what}: take it out of service as well`;
}

function nameOf({ limit, station }: AlarmFacts): string {
  return `${station ?? ""} ${limit}`;
}
