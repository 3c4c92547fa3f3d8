import type { Command } from "commander";
import { type Clock, RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { formatDuration, fromCanonical, parseQuantity, toCanonical } from "../../base/quantity.js";
import { pointValue } from "../../device/command.js";
import { type Conditions, conditionHolds } from "../../device/condition.js";
import type { DeviceType } from "../../device/device-type.js";
import { encodingOf } from "../../device/encoding.js";
import { loadDeviceType } from "../../device/load.js";
import type { Request } from "../../device/request.js";
import type { Reply } from "../../line/line.js";
import { openLine } from "../../line/open.js";
import { addLineOptions, faultOf, lineSpec, timingOf, unitOf } from "../line/options.js";
import { collect } from "../option.js";
import { json } from "../output.js";
import { refuseHeld } from "../rig/rig-lines.js";
import type { Shell } from "../shell.js";
import { pointText, watchdogItems } from "./check.js";
import { identify, mustBeOfType } from "./identify.js";
import { codecsOf, type DeviceOptions, pointWords, readBlocks } from "./read.js";

type SilenceOptions = DeviceOptions & { yes?: boolean; time?: string };

/** How often a unit is looked at whose watchdog reading does not feed. */
const lookMs = 50;
/** Silence lasts this much longer than the watchdog's time, and this many milliseconds. */
const longer = 1.2;
const longerMs = 500;

export function addDeviceSilence(device: Command, shell: Shell): void {
  const silence = device
    .command("silence <type>")
    .description("prove a unit's own watchdog: stop talking to it and see whether it goes safe");
  addLineOptions(silence, "the type's")
    .option("--time <duration>", "of the watchdog, where no register of the type holds it")
    .option("--yes", "really do it: the unit's OUTPUTS CHANGE when its watchdog acts")
    .option("--parameter <name=quantity>", "of the type, as full-scale=100Nm", collect, [])
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
The unit must be identified and its watchdog set as its type requires (wearout device check TYPE). Nothing is
written but what feeds the watchdog, and that only with the words the unit holds. Then this command keeps
silent: first for half the watchdog's time, in which the unit must not act, then for longer than it, after
which the unit must have gone to its safe state. Nobody else may talk to the unit meanwhile: stop the
controller, unplug panels. A drive at rest watches nothing: a person must have it running, for this command
starts nothing. Ends with 0 when the watchdog acted in time, with 5 when it did not or could not be proved.

Examples:
  wearout device silence abb/acs580 --serial /dev/serial/by-id/usb-x --unit 1 --yes
  wearout device silence advantech/adam-4024 --tcp 10.0.0.7:502 --unit 3 --time 2s --yes`,
    )
    .action(
      shell.action((name: string, options: SilenceOptions) => silenceUnit(shell, name, options)),
    );
}

type Unit = {
  type: DeviceType;
  address: number;
  clock: Clock;
  exchange(request: Request): Promise<Reply>;
  /** Values of points, in their units; throws when the unit does not answer. */
  values(names: readonly string[]): Promise<Map<string, { value: number; text: string }>>;
};

async function silenceUnit(shell: Shell, name: string, options: SilenceOptions): Promise<number> {
  const type = loadDeviceType(name, shell.site().devices);
  const shows = type.watchdog?.shows;
  if (type.watchdog === undefined || shows === undefined) {
    const why = type.noWatchdog ?? "its type says nothing by which to see that a watchdog acted";
    throw new WearoutError("STATE_REFUSED", `${name} cannot be proved by silence: ${why}`);
  }
  const given = options.time === undefined ? undefined : timeGiven(options.time);
  if (options.yes !== true) {
    shell.out.talk(`the watchdog of ${name} would be proved: its outputs change when it acts`);
    throw new WearoutError("WRITE_REFUSED", "refused: add --yes");
  }
  const { codecs } = codecsOf(type, options);
  const timing = timingOf(options, type.link);
  const clock = new RealClock();
  const spec = lineSpec(options, type.link);
  const address = unitOf(options, spec, type.link);
  await refuseHeld(spec);
  const line = await openLine("", spec, clock);
  const exchange = (request: Request) => line.exchange(address, request, timing, "write");
  const values = async (names: readonly string[]) => {
    const blocks = await readBlocks(type, names, exchange);
    for (const { reply } of blocks) if (!reply.ok) throw faultOf(reply, address);
    const points = pointWords(type, codecs, blocks);
    return new Map(names.map((n) => [n, pointText(points, codecs, n)]));
  };
  try {
    const unit: Unit = { type, address, clock, exchange, values };
    mustBeOfType(await identify(type, exchange), address, name);
    const required = await readBlocks(type, Object.keys(type.watchdog.required), exchange);
    const items = watchdogItems(type, pointWords(type, codecs, required), codecs);
    const unfit = items.find(({ verdict }) => verdict !== "ok");
    if (unfit !== undefined) {
      const text = `${unfit.item} is ${unfit.found}, required ${unfit.wanted}`;
      throw new WearoutError("STATE_REFUSED", `unit ${address} is not ready: ${text}`);
    }
    const timeMs = given ?? (await timeOf(unit));
    await mustNotShow(unit, "before the silence");
    await mustWatch(unit);
    return report(shell, unit, address, timeMs, await prove(shell, unit, timeMs), options);
  } finally {
    await line.close();
  }
}

function timeGiven(text: string): number {
  const quantity = parseQuantity(text);
  if (quantity?.dimension === "time" && quantity.value > 0) {
    return fromCanonical(quantity.value, "ms");
  }
  throw new WearoutError("USAGE", `--time: found "${text}", expected a duration, as 2s`);
}

async function timeOf({ type, values }: Unit): Promise<number> {
  const point = type.watchdog?.timeFrom;
  if (point === undefined) {
    const text = `no register of ${type.type} holds the watchdog's time, expected --time`;
    throw new WearoutError("USAGE", text);
  }
  const { value = Number.NaN, text = "" } = (await values([point])).get(point) ?? {};
  const ms = fromCanonical(toCanonical(value, type.points[point]?.unit ?? "s"), "ms");
  if (ms > 0) return ms;
  throw new WearoutError("STATE_REFUSED", `${point} is ${text}: the watchdog is switched off`);
}

/** Reads what the type says a device shows whose watchdog has acted. */
async function showing({ type, values }: Unit): Promise<{ acted: boolean; text: string }> {
  const shows = Object.entries(type.watchdog?.shows ?? {});
  const now = await values(shows.map(([name]) => name));
  const acted = shows.every(([name, value]) => {
    return now.get(name)?.value === pointValue(type, name, value);
  });
  return { acted, text: [...now].map(([name, { text }]) => `${name} ${text}`).join(", ") };
}

async function mustNotShow(unit: Unit, when: string): Promise<void> {
  const { acted, text } = await showing(unit);
  if (!acted) return;
  const why = `${when} the unit already shows what its watchdog would (${text}); start it first`;
  throw new WearoutError("STATE_REFUSED", why);
}

/**
 * A watchdog that watches only a machine at work shows nothing at rest, and nothing is started to prove it.
 * What the type says of it (`activeWhile`) decides; where it says nothing, a drive that stands is at rest.
 */
async function mustWatch({ type, address, values }: Unit): Promise<void> {
  const active = type.watchdog?.activeWhile;
  const rest = (type.actuators ?? []).flatMap(({ acted }) => (acted === undefined ? [] : [acted]));
  if (active !== undefined) {
    const { holds, text } = await hold({ type, values }, active);
    if (!holds) throw notWatching(address, text);
    return;
  }
  for (const acted of rest) {
    const { holds, text } = await hold({ type, values }, acted);
    if (holds) throw notWatching(address, text);
  }
}

async function hold({ type, values }: Pick<Unit, "type" | "values">, all: Conditions) {
  const now = await values(Object.keys(all));
  const holds = Object.entries(all).every(([name, condition]) => {
    return conditionHolds(type, name, condition, now.get(name)?.value ?? Number.NaN);
  });
  return { holds, text: [...now].map(([name, { text }]) => `${name} ${text}`).join(", ") };
}

function notWatching(unit: number, text: string): WearoutError {
  const why = `unit ${unit} is at rest (${text}): its watchdog is not active there, and silence would prove nothing`;
  const way =
    "it is proved only while a person has the unit running, and this command starts nothing: run it, then say this again";
  return new WearoutError("STATE_REFUSED", `${why}; ${way}`);
}

/** Repeats the words the unit holds in the points that feed its watchdog; else a read has fed it. */
async function feed({ type, address: unit, exchange }: Unit): Promise<void> {
  for (const name of type.watchdog?.fedBy ?? []) {
    const point = type.points[name]!;
    const { registers: count } = encodingOf(point);
    const table = point.table === "coil" ? ("coil" as const) : ("holding" as const);
    const { address } = point;
    const held = await exchange({ kind: "read", table, address, count });
    if (!held.ok) throw faultOf(held, unit);
    const values = Array.from(held.words);
    const single = point.write?.function !== 16 && count === 1;
    const to = point.write?.address ?? address;
    const written = await exchange({ kind: "write", table, address: to, values, single });
    if (!written.ok) throw faultOf(written, unit);
  }
}

type Proof = { acted: boolean; afterMs: [least: number, most: number]; shows: string };

async function prove(shell: Shell, unit: Unit, timeMs: number): Promise<Proof> {
  await feed(unit);
  const halfMs = timeMs / 2;
  shell.out.talk(`silent for ${formatDuration(halfMs)}: it must not act`);
  await unit.clock.sleep(halfMs);
  const early = await showing(unit);
  if (early.acted) return { acted: false, afterMs: [0, halfMs], shows: `${early.text}, too early` };
  await feed(unit);
  const fedAt = unit.clock.elapsed();
  const wholeMs = timeMs * longer + longerMs;
  shell.out.talk(`silent for ${formatDuration(wholeMs)}: it must act`);
  if (unit.type.watchdog?.fedBy !== undefined) return watched(unit, fedAt, wholeMs);
  await unit.clock.sleep(wholeMs);
  const { acted, text } = await showing(unit);
  return { acted, afterMs: [halfMs, unit.clock.elapsed() - fedAt], shows: text };
}

/** Reading does not feed it: the moment can be seen. */
async function watched(unit: Unit, fedAt: number, wholeMs: number): Promise<Proof> {
  let lastMs = 0;
  for (;;) {
    const { acted, text } = await showing(unit);
    const nowMs = unit.clock.elapsed() - fedAt;
    if (acted || nowMs > wholeMs) return { acted, afterMs: [lastMs, nowMs], shows: text };
    lastMs = nowMs;
    await unit.clock.sleep(lookMs);
  }
}

function report(
  shell: Shell,
  { type }: Unit,
  unit: number,
  timeMs: number,
  { acted, afterMs, shows }: Proof,
  options: SilenceOptions,
): number {
  const [least, most] = afterMs.map(Math.round) as [number, number];
  if (options.json === true) {
    shell.out.print(json({ type: type.type, unit, timeMs, acted, afterMs: [least, most], shows }));
  } else if (acted) {
    const span = `between ${formatDuration(least)} and ${formatDuration(most)}`;
    const set = formatDuration(timeMs);
    shell.out.print(
      `the watchdog of unit ${unit} acted ${span} after the last message (set: ${set})`,
    );
    shell.out.print(`  the unit shows: ${shows}`);
    shell.out.print(`  not covered: ${type.watchdog?.doesNotCover}`);
  }
  if (acted) return 0;
  const text = `the watchdog of unit ${unit} did NOT act as it should (${shows})`;
  throw new WearoutError("STATE_REFUSED", text);
}
