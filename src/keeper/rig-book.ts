/**
 * What is known of a rig beside its readings: its alarms, and the journal that they are a fold of. What changes is on
 * the disk before it counts and is told; a disk that refuses hides nothing, it is told that it did.
 */
import type { Clock, ElapsedMs } from "../base/clock.js";
import {
  type Asked,
  acknowledge,
  giveBack,
  raise,
  returnToService,
  unwatch,
} from "../limit/alarm/ask.js";
import { type AlarmBook, bookAfter, emptyBook } from "../limit/alarm/book.js";
import type { AlarmChange, AlarmFacts, AlarmKey, Moment } from "../limit/alarm/change.js";
import { reopenBook, returnedUnseen } from "../limit/alarm/reopen.js";
import type { AlarmRow } from "../limit/alarm/row.js";
import {
  type BypassedLimit,
  type BypassWord,
  bypass,
  expireService,
  type Outage,
  outageOf,
  putBack,
  type ServiceWord,
  takeOut,
} from "../limit/alarm/service.js";
import { expire, shelve, unshelve } from "../limit/alarm/shelf.js";
import type { RefusalCode } from "../limit/alarm/state.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { JournalEvent } from "../record/journal/kinds.js";

/** Where it is written: a `Journal`; a simulated rig has none. */
export type RigJournal = {
  commit(events: readonly JournalEvent[]): Promise<void>;
  /** Number of the last event that was written. */
  readonly lastSeq?: number | undefined;
};
/** Told after it was written; `seq`: its number there, where that is known. */
export type BookListener = (event: JournalEvent, seq?: number) => void;

export class RigBook {
  readonly rig: string;
  readonly #clock: Clock;
  readonly #journal: RigJournal | undefined;
  readonly #isWallTrusted: () => boolean;
  readonly #openedAt: ElapsedMs;
  readonly #listeners = new Set<BookListener>();
  #alarms: AlarmBook;
  #before: Promise<void> = Promise.resolve();

  constructor(
    rig: string,
    clock: Clock,
    journal?: RigJournal,
    alarms: AlarmBook = emptyBook,
    isWallTrusted: () => boolean = () => false,
  ) {
    this.rig = rig;
    this.#clock = clock;
    this.#journal = journal;
    this.#alarms = alarms;
    this.#isWallTrusted = isWallTrusted;
    this.#openedAt = clock.elapsed();
  }

  get alarms(): AlarmBook {
    return this.#alarms;
  }

  /** Returns how to stop. */
  listen(listener: BookListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  raise(facts: AlarmFacts, value: number, text: string): Promise<void> {
    return this.#change([raise(facts, value, text, this.#now())], text);
  }

  giveBack(key: AlarmKey, value: number): Promise<void> {
    return this.#inOrder(() => {
      const change = giveBack(this.#alarms, key, value, this.#now());
      return { changes: change === undefined ? [] : [change], refused: [] };
    }).then(() => {});
  }

  /** A person has seen these (all without `keys`) in the book of revision `seen`. */
  acknowledge(what: { keys?: readonly AlarmKey[]; seen: number; by: string }): Promise<Asked> {
    return this.#inOrder(() => acknowledge(this.#alarms, what, this.#now()));
  }

  shelve(facts: AlarmFacts, how: { by: string; reason: string; lengthMs: number }): Promise<Asked> {
    return this.#inOrder(() => shelve(this.#alarms, facts, how, this.#now()));
  }

  unshelve(key: AlarmKey, by: string): Promise<Asked> {
    return this.#inOrder(() => unshelve(this.#alarms, key, by, this.#now()));
  }

  /** Nobody looks at these any more; what of it was not acknowledged stays, and says why. */
  unwatch(isWatched: (row: AlarmRow) => boolean, why: string): Promise<void> {
    return this.#inOrder(() => {
      const changes = unwatch(this.#alarms, isWatched, why, this.#now());
      return { changes, refused: [] };
    }).then(() => {});
  }

  /** Takes a device, line or rig out of service; why not, where it is refused. */
  takeOut(
    own: AlarmFacts,
    alarms: readonly AlarmFacts[],
    word: ServiceWord,
  ): Promise<RefusalCode | undefined> {
    return this.#inOrder(() => takeOut(this.#alarms, own, alarms, word, this.#now())).then(codeOf);
  }

  /** A person returns it, with the alarms that were out of service for it alone. */
  putBack(own: AlarmFacts, alarms: readonly AlarmFacts[], by: string): Promise<void> {
    return this.#inOrder(() => {
      return { changes: putBack(this.#alarms, own, alarms, by, this.#now()), refused: [] };
    }).then(() => {});
  }

  bypass(of: BypassedLimit, word: BypassWord): Promise<RefusalCode | undefined> {
    return this.#inOrder(() => bypass(this.#alarms, this.rig, of, word, this.#now())).then(codeOf);
  }

  restore(key: AlarmKey, by: string): Promise<Asked> {
    return this.#inOrder(() => returnToService(this.#alarms, [key], by, this.#now()));
  }

  noteService(
    { what, name }: Outage,
    change: "out" | "expired" | "returned",
    text: string,
    { by, reason, lengthMs }: Partial<ServiceWord>,
  ): void {
    const data = { what, name, change, ...this.#reasonAndEnd(reason, lengthMs) };
    void this.note({ kind: "service", text, ...(by === undefined ? {} : { by }), data });
  }

  noteBypass(
    { name, station }: Pick<CompiledLimit, "name" | "station">,
    change: "bypassed" | "expired" | "restored",
    text: string,
    { by, second, reason, lengthMs }: Partial<BypassWord>,
  ): void {
    const agrees = second === undefined ? {} : { second };
    const data = { limit: name, change, ...agrees, ...this.#reasonAndEnd(reason, lengthMs) };
    const where = station === undefined ? {} : { station };
    void this.note({ kind: "bypass", text, ...(by === undefined ? {} : { by }), ...where, data });
  }

  #reasonAndEnd(reason?: string, lengthMs?: number) {
    return {
      ...(reason === undefined ? {} : { reason }),
      ...(lengthMs === undefined ? {} : { untilWall: this.#clock.wall() + lengthMs }),
    };
  }

  /** The controller is back: what its absence changes. `limits`: those of the rig file. */
  goOn(limits: readonly CompiledLimit[]): void {
    const changes = reopenBook(this.#alarms, limits, this.#now());
    if (changes.length > 0) void this.#change(changes);
  }

  /** Once per cycle: shelves that are over, and what returned while the controller was away. */
  look(
    limits: readonly CompiledLimit[],
    values: ArrayLike<number>,
    isReturned: (limit: number) => boolean,
  ): void {
    const now = this.#now();
    const back = returnedUnseen(this.#alarms, this.rig, limits, values, isReturned, now);
    const over = expireService(this.#alarms, now);
    const changes = [...expire(this.#alarms, now), ...over, ...back];
    if (changes.length > 0) void this.#change(changes);
    for (const change of over) if (change.change === "expired") this.#noteOver(change);
  }

  /** Anything else that happened. */
  note(event: JournalEvent): Promise<void> {
    return this.#write(() => [event]).then(() => {});
  }

  #noteOver(key: AlarmKey): void {
    const outage = outageOf(key);
    const { limit: name, station } = key;
    if (outage !== undefined) {
      const text = `${outage.name}: its time out of service is over, and it stays out`;
      this.noteService(outage, "expired", text, {});
    } else {
      const limit = station === null ? { name } : { name, station };
      this.noteBypass(limit, "expired", `${name} counts again: its bypass is over`, {});
    }
  }

  #now(): Moment {
    const at = this.#clock.elapsed() - this.#openedAt;
    return { at, wall: this.#clock.wall(), isWallTrusted: this.#isWallTrusted() };
  }

  #change(changes: readonly AlarmChange[], text?: string): Promise<void> {
    return this.#write(() => changes.map((change) => alarmEvent(change, text))).then(() => {});
  }

  /** Asked when everything before is written: two people's words never meet. */
  async #inOrder(ask: () => Asked): Promise<Asked> {
    let asked: Asked = { changes: [], refused: [] };
    await this.#write(() => {
      asked = ask();
      return asked.changes.map((change) => alarmEvent(change));
    });
    return asked;
  }

  #write(events: () => readonly JournalEvent[]): Promise<void> {
    const done = this.#before.then(async () => {
      const now = events();
      if (now.length === 0) return;
      // That it was refused is the journal's to tell, and told it is.
      await this.#journal?.commit(now).catch(() => {});
      const first = (this.#journal?.lastSeq ?? Number.NaN) - now.length + 1;
      now.forEach((event, i) => {
        this.#counts(event, Number.isNaN(first) ? undefined : first + i);
      });
    });
    this.#before = done;
    return done;
  }

  #counts(event: JournalEvent, seq: number | undefined): void {
    if (event.kind === "alarm") {
      this.#alarms = bookAfter(this.#alarms, event.data as AlarmChange);
    }
    for (const listener of this.#listeners) listener(event, seq);
  }
}

function codeOf({ refused }: Asked): RefusalCode | undefined {
  return refused[0]?.code;
}

/** As it is written down; `text` where there is more to say than which alarm it is. */
export function alarmEvent(change: AlarmChange, text?: string): JournalEvent {
  const { limit, station } = change;
  const place = station === null ? "" : `${station} `;
  const by = "by" in change ? { by: change.by } : {};
  const where = station === null ? {} : { station };
  const said = text ?? `alarm ${place}${limit}: ${change.change}`;
  return { kind: "alarm", text: said, ...by, ...where, data: change };
}
