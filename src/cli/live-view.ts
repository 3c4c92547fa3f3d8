import { stripVTControlCharacters } from "node:util";
import { Cancel, type Clock } from "../base/clock.js";
import { visibleLine } from "../base/visible.js";
import type { LifeTest } from "../lab/life-test.js";
import { planProgram } from "../profile/timeline.js";
import type { EventKind } from "../record/record.js";
import type { LoadedRig } from "../rig/load.js";
import type { Observer } from "../run/pilot.js";
import { renderCompact } from "./live-compact.js";
import { type Paint, type Picture, painter, renderRig } from "./live-render.js";
import { width, wrapped } from "./output.js";
import { EventWords } from "./plain-view.js";

/** Kinds that the picture shows by itself. */
const silent: readonly EventKind[] = ["input", "checkpoint"];
/** What stays on the screen above the picture. */
const lasting: readonly EventKind[] = ["failure", "trip", "interruption", "disposition"];
/** A picture is drawn at most this often. */
const frameMs = 250;
const eventsShown = 3;

type Watched = {
  loaded: LoadedRig;
  test: () => LifeTest | undefined;
  picture: Picture | undefined;
  events: string[];
};

/** A terminal, as much of it as a picture needs. */
export type Screen = {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
};

/** What stands below the picture: keys, and whether words are typed there. */
export type Foot = { keys: readonly string[]; prompt: boolean };

export const processScreen: Screen = {
  get columns() {
    return process.stdout.columns ?? 80;
  },
  get rows() {
    return process.stdout.rows ?? 24;
  },
  write: (text) => void process.stdout.write(text),
};

/**
 * A picture of all rigs that stays in place on the terminal: each frame is one write that overwrites
 * the one before, so that nothing flickers; failures and talk are printed above it and stay. Where words are
 * typed, the line below the picture is the terminal's own: it echoes and edits, and Ctrl-C stays a signal.
 */
export class LiveView {
  readonly #clock: Clock;
  readonly #notes: readonly string[];
  readonly #foot: Foot;
  readonly #screen: Screen;
  readonly #rigs: Watched[] = [];
  readonly #paint: Paint = painter((process.env["NO_COLOR"] ?? "") === "");
  readonly #ended = new Cancel();
  #drawnLines = 0;
  #above: string[] = [];

  /** `notes` stay at the foot of the picture. */
  constructor(clock: Clock, foot: Foot, notes: readonly string[] = [], screen = processScreen) {
    this.#clock = clock;
    this.#foot = foot;
    this.#notes = notes;
    this.#screen = screen;
  }

  /** Takes the lower part of the terminal until `close`. */
  start(): void {
    void this.#loop();
  }

  observer(open: { loaded: LoadedRig; test: () => LifeTest | undefined }): Observer {
    const rig: Watched = { ...open, picture: undefined, events: [] };
    this.#rigs.push(rig);
    const words = new EventWords();
    return (state, sample, events) => {
      for (const event of events) {
        const text = words.of(event);
        if (lasting.includes(event.kind)) this.note(`${open.loaded.rig.rig}: ${text}`);
        if (!silent.includes(event.kind))
          rig.events = [...rig.events, visibleLine(text)].slice(-eventsShown);
      }
      rig.picture = pictureOf(rig, state, sample);
    };
  }

  /** A line above the picture that stays when the picture moves on. */
  note(text: string): void {
    this.#above.push(...text.split("\n"));
  }

  /** A line was typed: the terminal has gone to the next one. */
  typed(): void {
    if (this.#ended.cancelled || !this.#foot.prompt) return;
    this.#screen.write("\u001B[1A\r\u001B[J> ");
  }

  /** Draws once more and gives the terminal back. */
  close(): void {
    if (this.#ended.cancelled) return;
    this.#ended.cancel();
    this.#draw();
    this.#screen.write("\u001B[?25h");
  }

  async #loop(): Promise<void> {
    if (!this.#foot.prompt) this.#screen.write("\u001B[?25l");
    while (!this.#ended.cancelled) {
      this.#draw();
      await this.#clock.sleep(frameMs, this.#ended);
    }
  }

  #draw(): void {
    const body = this.#lines();
    const above = this.#above.splice(0).map((line) => this.#paint(visibleLine(line), "strong"));
    const prompt = this.#foot.prompt && !this.#ended.cancelled;
    const stays = prompt && above.length === 0 && body.length <= this.#drawnLines;
    const text = stays ? this.#inPlace(body) : this.#anew(above, body, prompt);
    // Synchronised output where the terminal knows it; others ignore the codes.
    this.#screen.write(`\u001B[?2026h${text}\u001B[?2026l`);
    this.#drawnLines = stays ? this.#drawnLines : body.length;
  }

  /** The line where words are typed is not touched. */
  #inPlace(body: readonly string[]): string {
    const lines = Array.from({ length: this.#drawnLines }, (_, i) => body[i] ?? "");
    const text = lines.map((line) => `\r${line}\u001B[K`).join("\n");
    return `\u001B7\u001B[${this.#drawnLines}A${text}\u001B8`;
  }

  #anew(above: readonly string[], body: readonly string[], prompt: boolean): string {
    const back = this.#drawnLines === 0 ? "\r" : `\u001B[${this.#drawnLines}A\r`;
    const lines = [...above, ...body].map((line) => `${line}\u001B[K\n`).join("");
    return `${back}${lines}\u001B[J${prompt ? "> " : ""}`;
  }

  /** As much of the picture as the terminal shows, the key line always. */
  #lines(): string[] {
    const { columns, rows } = this.#screen;
    const keys = this.#ended.cancelled
      ? []
      : this.#foot.keys.flatMap((key) => wrapped(key, columns - 1, ""));
    const notes = this.#notes.map((note) => this.#paint(note, "bad"));
    const room = rows - 1 - keys.length - notes.length;
    const pictures = this.#rigs.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
    const lines = [...fitting(pictures, this.#paint, columns, room), ...notes, ...keys];
    return lines.map((line) => clip(line, columns - 1));
  }
}

/** The tables where they fit the screen, else a few lines for each rig; of these as many as there is room for. */
function fitting(
  pictures: readonly Picture[],
  paint: Paint,
  columns: number,
  room: number,
): string[] {
  const whole = pictures.flatMap((picture) => [...renderRig(picture, paint), ""]);
  const fits = (lines: readonly string[]) =>
    lines.length <= room && lines.every((line) => width(line) < columns);
  if (fits(whole)) return whole;
  const compact = pictures.flatMap((picture) => [
    ...renderCompact(picture, paint, columns - 1),
    "",
  ]);
  const dense = compact.length <= room ? compact : compact.filter((line) => line !== "");
  return dense.slice(0, room);
}

function pictureOf(
  rig: Watched,
  state: Parameters<Observer>[0],
  sample: Parameters<Observer>[1],
): Picture | undefined {
  const test = rig.test();
  if (test === undefined) return undefined;
  const { loaded, events } = rig;
  const { exposure, rig: name } = loaded.rig;
  const roles = { speedRole: exposure.speed, loadRole: exposure.load };
  return {
    rig: name,
    profile: test.header.profile,
    id: test.header.id,
    simulated: test.header.simulated,
    context: test.context,
    tripLimits: loaded.limits.filter((limit) => limit.reaction === "trip"),
    plan: rig.picture?.plan ?? planProgram(test.context.program, roles),
    state,
    sample,
    events,
  };
}

/** Cuts a line at the edge, colours and all; a wrapped line would break the picture's height. */
function clip(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  let cut = "";
  for (const character of stripVTControlCharacters(line)) {
    if (width(cut + character) > columns - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
