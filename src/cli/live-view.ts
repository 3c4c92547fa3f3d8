import type { Clock } from "../base/clock.js";
import { visibleLine } from "../base/visible.js";
import type { LifeTest } from "../lab/life-test.js";
import { planProgram } from "../profile/timeline.js";
import type { EventKind } from "../record/document/event.js";
import type { LoadedRig } from "../rig/load.js";
import type { Observer } from "../run/pilot.js";
import { renderCompact } from "./live-compact.js";
import { type Paint, type Picture, renderRig } from "./live-render.js";
import { type Body, type Foot, LiveScreen, processScreen } from "./live-screen.js";
import { width } from "./output.js";
import { EventWords } from "./plain-view.js";

/** Kinds that the picture shows by itself. */
const silent: readonly EventKind[] = ["input", "checkpoint"];
/** What stays on the screen above the picture. */
const lasting: readonly EventKind[] = ["failure", "trip", "interruption", "disposition"];
const eventsShown = 3;

type Watched = {
  loaded: LoadedRig;
  test: LifeTest;
  picture: Picture | undefined;
  events: string[];
};

/** The picture of all rigs of this process; failures and talk are printed above it and stay. */
export class LiveView {
  readonly #screen: LiveScreen;
  readonly #notes: readonly string[];
  readonly #rigs: Watched[] = [];

  /** `notes` stay at the foot of the picture. */
  constructor(clock: Clock, foot: Foot, notes: readonly string[] = [], screen = processScreen) {
    this.#notes = notes;
    const body: Body = (paint, columns, room) => this.#lines(paint, columns, room);
    this.#screen = new LiveScreen(clock, body, foot, screen);
  }

  /** Takes the lower part of the terminal until `close`. */
  start(): void {
    this.#screen.start();
  }

  observer(open: { loaded: LoadedRig; test: LifeTest }): Observer {
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
    this.#screen.note(text);
  }

  /** A line was typed: the terminal has gone to the next one. */
  typed(): void {
    this.#screen.typed();
  }

  /** Draws once more and gives the terminal back. */
  close(): void {
    this.#screen.close();
  }

  #lines(paint: Paint, columns: number, room: number): string[] {
    const notes = this.#notes.map((note) => paint(note, "bad"));
    const pictures = this.#rigs.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
    return [...fitting(pictures, paint, columns, room - notes.length), ...notes];
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
): Picture {
  const { loaded, test, events } = rig;
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
