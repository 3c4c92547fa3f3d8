/**
 * A kept rig as everybody is served it: its picture, its news, and what may be asked of it, with or without a run. What
 * stands before it (`Admission`) has looked at form, presence and the state that was seen.
 */
import type { Clock, ElapsedMs } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { Log, LogLevel } from "../base/log.js";
import type { Sample } from "../base/sample.js";
import type { Keeper } from "../keeper/keeper.js";
import type { LifeTest } from "../lab/life-test.js";
import { isAlarm } from "../limit/alarm/ask.js";
import { limitFacts, limitKey } from "../limit/alarm/facts.js";
import { planProgram } from "../profile/timeline.js";
import type { RecordEvent } from "../record/document/event.js";
import type { Disposition, Verb } from "../record/document/input.js";
import type { LoadedRig } from "../rig/load.js";
import { safetyText } from "../rig/safety.js";
import type { PackmlState } from "../run/states.js";
import { refusal } from "./admit.js";
import { askAlarm } from "./alarm-desk.js";
import type { Answer } from "./answer.js";
import type { Guest, Guests } from "./guests.js";
import type { Asker, Command, Hello, Keeps, News } from "./keeps.js";
import type { RigPicture } from "./picture.js";
import { alarmRows, type Flight, readingRows, runNow, safetyRows } from "./rig-picture.js";
import type { ParkInput, StartInput } from "./run.js";
import { askService, isService } from "./service-desk.js";

export type DeskParts = {
  keeper: Keeper;
  loaded: LoadedRig;
  clock: Clock;
  hello: Hello;
  /** Of this process. */
  log?: Log;
  /** The safe plan is told that nobody waits for the rig any more. */
  abandoned: (by: string, reason: string) => void;
};

/** So many sentences of what happened last. */
const latelyShown = 10;

/** Verbs that the run on the rig decides. */
const runVerbs: Readonly<Record<string, Verb>> = {
  "run hold": "hold",
  "run abort": "abort",
  "run resume": "resume",
  "run stop": "stop",
  "run leave": "leave",
  "rig reset": "reset",
  "rig release": "leave",
};

type Flying = { test: LifeTest; flight: Omit<Flight, "state"> };

export class Desk implements Keeps {
  readonly #parts: DeskParts;
  readonly #openedAt: ElapsedMs;
  readonly #followers = new Set<(news: News) => void>();
  #lately: string[] = [];
  #revision = 1;
  #sample: Sample | undefined;
  #flying: Flying | undefined;
  #guests: Guests | undefined;
  #release: ((by: string, reason: string) => void) | undefined;

  constructor(parts: DeskParts) {
    const { keeper, clock } = parts;
    this.#parts = parts;
    this.#openedAt = clock.elapsed();
    keeper.rig.watch((sample) => {
      this.#sample = sample;
    });
    // Who was told of it is no news.
    keeper.book.listen((event) => event.kind !== "told" && this.#tell(event.text, event));
  }

  /** From here on runs may come and go; without this the rig is kept for one run alone. */
  receive(guests: Guests, release: (by: string, reason: string) => void): void {
    this.#guests = guests;
    this.#release = release;
  }

  /** This run is the rig's guest from here on; undefined: none is. */
  board(test: LifeTest | undefined): void {
    this.#flying = test === undefined ? undefined : { test, flight: flightOf(test, this.#parts) };
    this.#revision++;
  }

  /** To be told of every decision of the run. */
  observe(events: readonly RecordEvent[]): void {
    for (const event of events) {
      if (event.kind === "checkpoint") continue;
      // Told once, as the alarm of the rig that it is.
      if (event.kind === "alarm" && this.#alarmOfRun(event)) continue;
      this.#tell(event.text, event);
    }
  }

  /** What the run's limits raise is an alarm of the rig as well. */
  #alarmOfRun({ data, station, text }: Extract<RecordEvent, { kind: "alarm" }>): boolean {
    const { book } = this.#parts.keeper;
    const limits = this.#flying?.test.context.limits ?? [];
    const limit = limits.find((l) => l.name === data.limit && l.station === station);
    if (limit === undefined || !isAlarm(limit.reaction)) return false;
    const value = data.value ?? Number.NaN;
    if (data.change === "raised") void book.raise(limitFacts(book.rig, limit), value, text);
    else void book.giveBack(limitKey(book.rig, limit), value);
    return true;
  }

  hello(): Hello {
    return this.#parts.hello;
  }

  picture(): RigPicture {
    const { keeper, loaded, clock, hello } = this.#parts;
    const { rig, book } = keeper;
    const now = clock.elapsed();
    const { state, reason, since } = this.#now();
    const flying = this.#flying;
    return {
      ...{ rig: hello.rig, simulated: hello.simulated, atMs: now - this.#openedAt },
      ...{ wall: clock.wall(), state, reason, sinceWall: clock.wall() - (now - since) },
      revision: this.#revision,
      run: flying === undefined ? null : runNow({ ...flying.flight, state: flying.test.state }),
      readings: readingRows({
        ...{ columns: rig.columns, actuators: rig.actuators, setpoints: rig.setpoints },
        ...{ sample: this.#sample, ageMs: (column) => now - rig.lastGoodAt(column) },
        limits: [...this.#limitsOfRun(), ...loaded.limits.filter((l) => l.reaction === "trip")],
      }),
      alarms: alarmRows(book.alarms.rows),
      safety: safetyRows(rig.safety()),
      lately: [...this.#lately],
    };
  }

  follow(tell: (news: News) => void): () => void {
    this.#followers.add(tell);
    return () => this.#followers.delete(tell);
  }

  async ask(command: Command, from: Asker): Promise<Answer> {
    const { verb, args } = command;
    const by = from.by;
    const reason = typeof args["reason"] === "string" ? args["reason"] : "";
    const answer = await this.#decide(verb, args, by, reason);
    void this.#parts.keeper.book.note({
      kind: "command",
      text: answer.accepted ? `${verb} by ${by}` : `${verb} by ${by} refused: ${answer.text}`,
      by,
      data: { verb, via: from.via, accepted: answer.accepted, ...whyOf(answer) },
    });
    return answer;
  }

  async #decide(verb: string, args: Command["args"], by: string, reason: string): Promise<Answer> {
    const asked = runVerbs[verb];
    if (verb === "rig safe") return this.#safe(by, reason, args["cause"] === "isolate");
    if (verb === "rig log") return this.#logAt(args["level"] as LogLevel);
    if (verb === "rig token") return this.#accepted("six digits, for one use within ten minutes");
    if (verb === "rig take") return this.#accepted(`${by} speaks for whoever stands at the rig`);
    if (verb === "rig abandon") return this.#abandon(String(args["by"]), reason);
    if (verb === "run park") return this.#park(args as unknown as ParkInput);
    if (verb === "run dispose") return this.#dispose(args as unknown as Disposition);
    if (verb.startsWith("alarm ")) return this.#alarm(verb, args);
    if (isService(verb)) return this.#service(verb, args);
    if (verb === "run start") return this.#bring((g) => g.start(args as unknown as StartInput));
    if (verb === "rig release" && this.#release !== undefined) {
      this.#release(by, reason);
      return this.#accepted("it is let go when everything has acted");
    }
    const { run } = args;
    if (verb === "run resume" && this.#flying === undefined && typeof run === "string") {
      return this.#bring((g) => g.resume({ ...args, run }, by));
    }
    if (asked !== undefined && this.#flying !== undefined) {
      const { pilot } = this.#flying.test;
      const refused = await pilot.ask(asked, by, reason, args["atNextStep"] === true);
      return refused === undefined ? this.#accepted(`${asked} by ${by}`) : this.#refused(refused);
    }
    if (verb === "run abort" || verb === "run hold") {
      return this.#safe(by, reason === "" ? `${verb} by ${by}, without a run` : reason, false);
    }
    if (verb === "rig clear") return this.#clear(by);
    return this.#noRun();
  }

  async #service(verb: Parameters<typeof askService>[1], args: Command["args"]): Promise<Answer> {
    const { accepted, text } = await askService(this.#parts.keeper, verb, args);
    return accepted ? this.#accepted(text) : this.#refused(text);
  }

  /** Nothing is begun where something stands that a person has to look at first. */
  async #bring(guest: (guests: Guests) => Promise<Guest>): Promise<Answer> {
    const { state, reason } = this.#now();
    if (this.#flying !== undefined) {
      return this.#refused(`run ${this.#flying.test.header.id} is on ${this.hello().rig}`);
    }
    if (this.#guests === undefined) {
      const way = "wearout rig keep keeps a rig for one run after the other";
      return this.#refused(`${this.hello().rig} is kept for a run that is over`, way);
    }
    if (state !== "Idle") {
      return this.#refused(`${state}: ${reason}`, `wearout rig clear ${this.hello().rig}`);
    }
    try {
      const { run, text } = await guest(this.#guests);
      return { ...this.#accepted(text), run };
    } catch (error) {
      if (error instanceof WearoutError) return this.#refused(error.message);
      throw error;
    }
  }

  #logAt(level: LogLevel): Answer {
    const { log } = this.#parts;
    if (log === undefined) return this.#refused("this process has no log");
    const before = log.level;
    log.level = level;
    return this.#accepted(`the log holds ${level} from now on, ${before} until now`);
  }

  #noRun(): Answer {
    return this.#refused(`there is no run on ${this.hello().rig}`, "wearout run start begins one");
  }

  /** Whatever it does; a run on it aborts, but for one that is held and has nothing left to be made safe. */
  #safe(by: string, reason: string, isolate: boolean): Answer {
    const why = reason === "" ? `safe by ${by}` : reason;
    const { keeper } = this.#parts;
    if (!isolate && this.#isHeldSafe()) return this.#lookAgain(by, why);
    void keeper.safe(why, isolate ? "isolate" : "trip");
    this.#flying?.test.pilot.command("abort", by, why);
    return this.#accepted("its safe values are sent");
  }

  #isHeldSafe(): boolean {
    const { rig } = this.#parts.keeper;
    const isHeld = this.#flying?.test.state.packml === "Held";
    return isHeld && rig.isSafe && rig.safety().every(({ acted }) => acted);
  }

  #lookAgain(by: string, why: string): Answer {
    const { rig } = this.#parts.keeper;
    const found = safetyText(rig.safety());
    void rig.verify();
    // A resume that was typed before and is not decided yet is taken back by it.
    this.#flying?.test.pilot.command("hold", by, why);
    return this.#accepted(`it is held and safe already (${found}), and is looked at once more`);
  }

  /** Only of what was made safe and has not acted; the run on it is let go of with it. */
  #abandon(by: string, reason: string): Answer {
    const { keeper, abandoned } = this.#parts;
    const { rig } = keeper;
    if (!rig.isSafe) return this.#refused("the rig runs", "run hold, run stop or run abort first");
    const open = rig.safety().filter(({ acted }) => !acted);
    if (open.length === 0) return this.#refused("every actuator has acted: nothing is left open");
    this.#flying?.test.pilot.abandon(by, reason);
    rig.abandon();
    abandoned(by, reason);
    return this.#accepted(`${safetyText(open)}; left by ${by}: ${reason}`);
  }

  async #dispose(said: Disposition): Promise<Answer> {
    if (this.#flying === undefined) return this.#noRun();
    const { station, kind, decision, text, by } = said;
    const { pilot } = this.#flying.test;
    const refused = await pilot.dispose({ station, kind, decision, text, by });
    return refused === undefined
      ? this.#accepted(`${station}: ${kind}, ${decision} (${by})`)
      : this.#refused(refused);
  }

  async #park({ by, reason, mounted = [] }: ParkInput): Promise<Answer> {
    if (this.#flying === undefined) return this.#noRun();
    const refused = await this.#flying.test.pilot.park({ by, reason, mounted });
    if (refused !== undefined) return this.#refused(refused);
    return this.#accepted("the rig is free for another run once the run has left it");
  }

  #clear(by: string): Answer {
    if (this.#flying !== undefined) {
      const way = "an aborted run is gone on with by wearout run resume when its process has ended";
      return this.#refused("a run is on the rig", way);
    }
    const why = this.#parts.keeper.clear(by);
    return why === undefined ? this.#accepted(`cleared by ${by}`) : this.#refused(why);
  }

  async #alarm(verb: string, args: Command["args"]): Promise<Answer> {
    const { text, accepted } = await askAlarm(this.#parts.keeper.book, verb, args);
    return accepted ? this.#accepted(text) : this.#refused(text);
  }

  #accepted(text: string): Answer {
    const { state } = this.#now();
    return { requested: true, accepted: true, state, text, revision: this.#revision };
  }

  #refused(text: string, way?: string): Answer {
    return refusal({ state: this.#now().state, revision: this.#revision }, "state", text, way);
  }

  #now(): { state: PackmlState; reason: string; since: ElapsedMs } {
    const flying = this.#flying;
    if (flying === undefined) return this.#parts.keeper.state;
    const { packml, reason, since } = flying.test.state;
    return { state: packml, reason, since: since + flying.test.pilot.zero };
  }

  #limitsOfRun() {
    if (this.#flying === undefined) return [];
    const { context, state } = this.#flying.test;
    const inForce =
      context.limitsInForce[Math.min(state.segment, context.limitsInForce.length - 1)];
    return context.limits.filter((_, i) => inForce?.[i] === 1);
  }

  #tell(text: string, event: unknown): void {
    this.#revision++;
    this.#lately = [...this.#lately, text].slice(-latelyShown);
    const { clock } = this.#parts;
    const news = { revision: this.#revision, wall: clock.wall(), text, event };
    for (const tell of this.#followers) tell(news);
  }
}

function flightOf({ header, context }: LifeTest, { loaded }: DeskParts): Omit<Flight, "state"> {
  const { exposure } = loaded.rig;
  const roles = { speedRole: exposure.speed, loadRole: exposure.load };
  const plan = planProgram(context.program, roles);
  return { id: header.id, profile: header.profile, context, plan };
}

function whyOf({ accepted, text }: Answer): { why?: string } {
  return accepted ? {} : { why: text };
}
