import { stripVTControlCharacters } from "node:util";
import { Cancel, type Clock } from "../base/clock.js";
import type { LifeTest } from "../lab/life-test.js";
import { planProgram } from "../profile/timeline.js";
import type { EventKind } from "../record/record.js";
import type { LoadedRig } from "../rig/load.js";
import type { Observer } from "../run/runner.js";
import { type Picture, painter, renderRig } from "./live-render.js";
import { width } from "./output.js";

/** Kinds that the picture shows by itself. */
const silent: readonly EventKind[] = ["input", "checkpoint"];
/** A picture is drawn at most this often. */
const frameMs = 250;
const eventsShown = 3;

type Watched = {
  loaded: LoadedRig;
  test: () => LifeTest | undefined;
  picture: Picture | undefined;
  events: string[];
};

/**
 * A picture of all rigs that stays in place on the terminal: each frame is one write that overwrites
 * the one before, so that nothing flickers; failures are printed above it and stay.
 */
export class LiveView {
  readonly #clock: Clock;
  readonly #notes: readonly string[];
  readonly #rigs: Watched[] = [];
  readonly #paint = painter((process.env["NO_COLOR"] ?? "") === "");
  readonly #ended = new Cancel();
  #drawnLines = 0;
  #above: string[] = [];

  /** `notes` stay at the foot of the picture. */
  constructor(clock: Clock, notes: readonly string[] = []) {
    this.#clock = clock;
    this.#notes = notes;
  }

  /** Takes the lower part of the terminal until `close`. */
  start(): void {
    void this.#loop();
  }

  observer(open: { loaded: LoadedRig; test: () => LifeTest | undefined }): Observer {
    const rig: Watched = { ...open, picture: undefined, events: [] };
    this.#rigs.push(rig);
    return (state, sample, events) => {
      for (const event of events) {
        if (event.kind === "failure" || event.kind === "trip")
          this.note(`${open.loaded.rig.rig}: ${event.text}`);
        if (!silent.includes(event.kind))
          rig.events = [...rig.events, event.text].slice(-eventsShown);
      }
      rig.picture = pictureOf(rig, state, sample);
    };
  }

  /** A line above the picture that stays when the picture moves on. */
  note(text: string): void {
    this.#above.push(text);
  }

  /** Draws once more and gives the terminal back. */
  close(): void {
    if (this.#ended.cancelled) return;
    this.#ended.cancel();
    this.#draw();
    process.stdout.write("\u001B[?25h");
  }

  async #loop(): Promise<void> {
    process.stdout.write("\u001B[?25l");
    while (!this.#ended.cancelled) {
      this.#draw();
      await this.#clock.sleep(frameMs, this.#ended);
    }
  }

  #draw(): void {
    const { columns = 100, rows = 40 } = process.stdout;
    const lines = this.#rigs.flatMap(({ picture }) =>
      picture === undefined ? [] : [...renderRig(picture, this.#paint), ""],
    );
    const footer = this.#ended.cancelled ? [] : ["Ctrl-C: take the rigs down, make them safe, end"];
    const notes = this.#notes.map((note) => this.#paint(note, "bad"));
    const all = [...lines, ...notes, ...footer];
    const dense = all.length < rows ? all : all.filter((line) => line.trim() !== "");
    const visible = dense.slice(0, rows - 1).map((line) => clip(line, columns));
    const above = this.#above.splice(0).map((line) => `${this.#paint(line, "strong")}\u001B[K\n`);
    const back = this.#drawnLines === 0 ? "" : `\u001B[${this.#drawnLines}A\r`;
    const body = visible.map((line) => `${line}\u001B[K\n`).join("");
    // Synchronised output where the terminal knows it; others ignore the codes.
    process.stdout.write(`\u001B[?2026h${back}${above.join("")}${body}\u001B[J\u001B[?2026l`);
    this.#drawnLines = visible.length;
  }
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
  return `${[...stripVTControlCharacters(line)].slice(0, columns - 1).join("")}…`;
}
