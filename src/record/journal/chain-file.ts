/** One writer's hold on a journal's file: opens it or begins it anew, and writes events behind the last. */
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { EpochMs } from "../../base/clock.js";
import { type Controller, type Lock, type LockPlace, takeLockAt } from "../lock.js";
import { type JournalDisk, unusedName } from "./disk.js";
import type { JournalData, StoredJournalEvent } from "./kinds.js";
import { eventLine, headerLine, journalLayout, type Link, type Unchained } from "./line.js";
import { type JournalPlace, type Standing, standingOf } from "./standing.js";

/** What the file needs of whoever writes it. */
export type ChainHost = {
  tell(sentence: string): void;
  /** An event stamped with this moment. */
  opened(text: string, data: JournalData<"opened">): Unchained;
  /** What is written behind the first event of a file that begins anew. */
  carried(): readonly Unchained[];
  wall(): EpochMs;
};

type Anew = Extract<Standing, { how: "anew" }>;
type Opened = Pick<JournalData<"opened">, "how" | "why" | "aside" | "before">;

export class ChainFile {
  readonly #place: JournalPlace;
  readonly #disk: JournalDisk;
  readonly #host: ChainHost;
  #lock: Lock | undefined;
  /** Undefined until there is a file to go on in. */
  #end: { link: Link; bytes: number } | undefined;
  /** A refused write may have left a part behind the end. */
  #isDirty = false;

  constructor(place: JournalPlace, disk: JournalDisk, host: ChainHost) {
    this.#place = place;
    this.#disk = disk;
    this.#host = host;
  }

  get isOpen(): boolean {
    return this.#end !== undefined;
  }

  /** Of the last event that is on the disk. */
  get lastSeq(): number | undefined {
    return this.#end?.link.seq;
  }

  /** Throws `RECORD_LOCKED`, and whatever the file system refuses; then it may be tried again. */
  async open(fold: (event: StoredJournalEvent) => void): Promise<void> {
    await mkdir(dirname(this.#place.file), { recursive: true, mode: 0o700 });
    this.#lock ??= takeLockAt(lockPlace(this.#place.file));
    const standing = await standingOf(this.#place, fold);
    if (standing.how === "new") await this.#begin({ how: "new" });
    else if (standing.how === "anew") await this.#beginAnew(standing);
    else await this.#goOn(standing);
  }

  /** All of them on the disk behind what was there, or none; throws what the file system refuses. */
  async put(events: readonly Unchained[]): Promise<void> {
    if (this.#isDirty) await this.#clean();
    await this.#look();
    await this.#write(events);
  }

  /** Does not throw where the file is not there any more. */
  async close(): Promise<void> {
    try {
      await this.#disk.close();
    } finally {
      this.#lock?.release(this.isOpen);
      this.#lock = undefined;
    }
  }

  async #begin(opened: Opened): Promise<void> {
    const { rig, site, machine, software } = this.#place;
    const madeWall = this.#host.wall();
    const header = {
      journal: "rig",
      layout: journalLayout,
      rig,
      site,
      machine,
      software,
      madeWall,
    };
    const first = headerLine(header as Parameters<typeof headerLine>[0]);
    const isAnew = opened.how === "anew";
    const events = [this.#opened(opened), ...(isAnew ? this.#host.carried() : [])];
    const { text, link } = chained(first.link, events);
    const whole = Buffer.from(first.text + text);
    const aside = opened.aside === undefined ? undefined : this.#beside(opened.aside);
    await this.#disk.begin(whole, aside);
    this.#end = { link, bytes: whole.length };
    this.#isDirty = false;
  }

  async #beginAnew({ label, why, before }: Anew): Promise<void> {
    const aside = await this.#asideName(label);
    const last = before === undefined ? {} : { before };
    await this.#begin({ how: "anew", why, aside, ...last });
    this.#host.tell(`${why}; it was set aside as ${this.#beside(aside)}, and a new one begins`);
  }

  async #goOn({ link, bytes, tornBytes }: Extract<Standing, { how: "went-on" }>): Promise<void> {
    const cut = tornBytes === 0 ? {} : await this.#cutTorn(bytes, tornBytes);
    this.#end = { link, bytes };
    try {
      await this.#write([this.#opened({ how: "went-on", ...cut })]);
    } catch (error) {
      this.#end = undefined;
      throw error;
    }
  }

  async #cutTorn(bytes: number, tornBytes: number): Promise<{ why: string; aside: string }> {
    const aside = await this.#asideName("torn");
    await this.#disk.cutTail(bytes, this.#beside(aside));
    const why = `the last line was never finished (${tornBytes} bytes)`;
    const where = this.#beside(aside);
    this.#host.tell(`the journal ${this.#place.file}: ${why}; they were set aside as ${where}`);
    return { why, aside };
  }

  #opened(opened: Opened): Unchained {
    const { pid } = process;
    const { software } = this.#place;
    const after = this.#lock?.takenOver;
    const whose = after === undefined ? {} : { after: nameOf(after) };
    const text = {
      new: "a journal begins",
      "went-on": "the rig is kept",
      anew: "a journal begins anew",
    };
    return this.#host.opened(text[opened.how], { pid, software, ...opened, ...whose });
  }

  /** What was lost is said in the new file; what is in the way is set aside. */
  async #look(): Promise<void> {
    const { link, bytes } = this.#end ?? {};
    if (link === undefined || bytes === undefined) return;
    const why = await this.#disk.look(bytes);
    if (why === undefined) return;
    const taken = `the journal ${this.#place.file}: ${why}`;
    await this.#beginAnew({ how: "anew", label: "taken", why: taken, before: link.hash });
  }

  async #write(events: readonly Unchained[]): Promise<void> {
    const end = this.#end;
    if (end === undefined) return;
    const { text, link } = chained(end.link, events);
    const bytes = Buffer.from(text);
    try {
      await this.#disk.write(end.bytes, bytes);
    } catch (error) {
      this.#isDirty = true;
      await this.#clean().catch(() => {});
      throw error;
    }
    this.#end = { link, bytes: end.bytes + bytes.length };
  }

  async #clean(): Promise<void> {
    await this.#disk.cut(this.#end?.bytes ?? 0);
    this.#isDirty = false;
  }

  /** A name that nothing beside the journal has yet. */
  async #asideName(label: string): Promise<string> {
    const wall = new Date(this.#host.wall()).toISOString().replace(/[-:]|\.\d+/g, "");
    return basename(await unusedName(`${this.#place.file}.${label}-${wall}`));
  }

  #beside(name: string): string {
    return join(dirname(this.#place.file), name);
  }
}

function chained(before: Link, events: readonly Unchained[]): { text: string; link: Link } {
  let link = before;
  let text = "";
  for (const event of events) {
    const line = eventLine(link, event);
    text += line.text;
    link = line.link;
  }
  return { text, link };
}

/** As for the folder of a run; `.lock` must not be opened by other means. */
export function lockPlace(file: string): LockPlace {
  return { lock: `${file}.lock`, owner: `${file}.controller.json`, what: `the journal ${file}` };
}

function nameOf({ pid, host }: Controller): string {
  return `process ${pid} on ${host}`;
}
