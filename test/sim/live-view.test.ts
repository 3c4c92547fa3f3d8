/** What a person sees of the demo and of a run: the pictures of real runs on a made-up terminal. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { helpLines } from "../../src/cli/glossary.js";
import { keyLines, typing } from "../../src/cli/keyboard.js";
import { LiveView } from "../../src/cli/live-view.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { Terminal } from "../cli/terminal.js";
import { Bench } from "../unit/run/bench.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";

let bearing: SimRun;
let gear: SimRun;

beforeAll(async () => {
  bearing = await simulate({
    rig: "bearing-four",
    profile: "demo-bearing",
    specimens: ["demo-a", "demo-b", "demo-c", "demo-d"],
    plant: { wear: 4000, "spall-growth": 0.4 },
    seed: 7,
  });
  gear = await simulate({
    rig: "harmonic-one",
    profile: "demo-harmonic",
    specimens: ["demo-gear"],
    plant: { wear: 1000 },
    seed: 7,
  });
});
afterAll(removeFolders);

/** The view after each of some cycles, spread over the whole run. */
function play(
  runs: readonly SimRun[],
  terminal: Terminal,
  foot: ConstructorParameters<typeof LiveView>[1],
) {
  const clock = new VirtualClock(0);
  const view = new LiveView(clock, foot, [], terminal);
  const observers = runs.map((run) => view.observer({ loaded: run.loaded, test: run.test }));
  const samples = runs.map((run) => [...run.reader.samples()]);
  const frame = async (share: number) => {
    runs.forEach((run, i) => {
      const at = Math.floor(share * (run.cycles.length - 1));
      const { before, after } = run.cycles[at]!;
      const events = run.events.filter((e) => e.at > before.at - 1000 && e.at <= after.at);
      observers[i]!(after, samples[i]!.find((s) => s.at >= after.at) ?? samples[i]!.at(-1), events);
    });
    await clock.sleep(300);
  };
  return { view, frame };
}

/** Two specimens that have been on test for a minute. */
function begun() {
  const bench = Bench.started();
  bench.samples(61);
  return bench.state;
}

const demoFoot = { keys: ["Ctrl-C: take the rigs down, make them safe, end"], prompt: false };

describe("the live view of the demo", () => {
  it("says for how long a rig has been in a state", async () => {
    const at = bearing.cycles.findLastIndex(({ after }) => after.packml === "Completing");
    for (const terminal of [new Terminal(80, 24), new Terminal(160, 60)]) {
      const { view, frame } = play([bearing], terminal, demoFoot);
      view.start();
      await frame((at + 0.5) / (bearing.cycles.length - 1));
      expect(terminal.shown.join("\n")).toMatch(/; Completing for \d/);
      view.close();
    }
  });

  it("fits a terminal of 80 columns and 24 rows from the first to the last cycle, with its key line", async () => {
    const terminal = new Terminal(80, 24);
    const { view, frame } = play([bearing, gear], terminal, demoFoot);
    view.start();
    for (let share = 0; share <= 1; share += 0.05) {
      await frame(share);
      const text = terminal.shown.join("\n");
      expect(text).toContain("Ctrl-C: take the rigs down");
      for (const name of ["bearing-four", "harmonic-one", "demo-a", "demo-d", "demo-gear"]) {
        expect(text, `${share}`).toContain(name);
      }
      expect(text).toMatch(/speed \d/);
      for (const line of terminal.shown) expect(line).not.toMatch(/…$/);
    }
    view.close();
    expect(terminal.shown.join("\n")).not.toContain("Ctrl-C");
  });

  it("says nothing of the end, and of no time, of a step that no sample has begun", async () => {
    const { before } = bearing.cycles.find(({ after }) => after.packml === "Execute")!;
    const state = { ...before, packml: "Execute" as const, segmentSince: Number.NaN };
    for (const terminal of [new Terminal(80, 24), new Terminal(160, 60)]) {
      const clock = new VirtualClock(0);
      const view = new LiveView(clock, demoFoot, [], terminal);
      view.observer({ loaded: bearing.loaded, test: bearing.test })(state, undefined, []);
      view.start();
      await clock.sleep(300);
      const text = terminal.shown.join("\n");
      expect(text).toContain("step 1 of 4: spin up, 0 ms of 12 s");
      expect(text).not.toContain("unlimited");
      view.close();
    }
  });

  it("has the whole tables where the terminal is large", async () => {
    const terminal = new Terminal(200, 60);
    const { view, frame } = play([bearing, gear], terminal, demoFoot);
    view.start();
    await frame(0.5);
    expect(terminal.shown.join("\n")).toMatch(/role +reading +setpoint +ceiling +limits/);
    view.close();
  });
});

describe("the live view of a run", () => {
  it("leaves the line alone on which a person types, and takes it back after Enter", async () => {
    const terminal = new Terminal(80, 24);
    const { view, frame } = play([bearing], terminal, { keys: keyLines, prompt: true });
    view.start();
    await frame(0.3);
    expect(terminal.cursorLine).toBe(">");
    terminal.write("hol");
    await frame(0.31);
    expect(terminal.cursorLine).toBe("> hol");
    expect(terminal.shown.join("\n")).toMatch(/type status, hold, resume/);
    terminal.write("d\n");
    view.typed();
    view.note("a line that stays");
    await frame(0.32);
    await frame(0.33);
    expect(terminal.cursorLine).toBe(">");
    const all = [...terminal.gone, ...terminal.shown];
    expect(all.filter((line) => line === "a line that stays")).toHaveLength(1);
    expect(all.filter((line) => /^bearing-four(-1)? /.test(line))).toHaveLength(1);
    view.close();
  });

  it("answers status and help, passes commands on, and names what it does not know", () => {
    const said: string[] = [];
    const asked: string[] = [];
    const out = { talk: (text: string) => void said.push(text) };
    const pilot = { command: (verb: string) => void asked.push(verb) };
    const desk = { status: () => ["in Execute"], token: () => "481516" };
    const type = typing({ pilot, state: begun() }, out, desk);
    for (const word of ["status", "token", "hold", "", "hlod"]) type(word);
    expect(asked).toEqual(["hold"]);
    expect(said).toEqual([
      "in Execute",
      expect.stringMatching(/^token 481516: for one command .* that needs a person here/),
      expect.stringMatching(/^"hlod" is none of status, hold, /),
    ]);
    type("help");
    for (const word of ["timeout", "late answer", "unacknowledged", "abort", "stop"]) {
      expect(said.some((line) => line.trimStart().startsWith(word))).toBe(true);
    }
    for (const line of helpLines()) expect(line.length).toBeLessThanOrEqual(110);
  });

  it("ends a test that is told to stop only for a yes behind the stake, and obeys every other word at once", () => {
    const said: string[] = [];
    const asked: string[] = [];
    const out = { talk: (text: string) => void said.push(text) };
    const pilot = { command: (verb: string) => void asked.push(verb) };
    const type = typing({ pilot, state: begun() }, out, { status: () => [], token: () => "" });
    type("stop");
    expect(asked).toEqual([]);
    expect(said).toEqual([
      "stop: this ends 1 min of 2 specimens as censored. Type yes and Enter to end it",
    ]);
    for (const word of ["hold", "yes", "stop", "", "yes", "stop", "stop", "yes", "yes"]) type(word);
    expect(asked).toEqual(["hold", "stop"]);
    expect(said.filter((text) => text === "the test is not ended")).toHaveLength(3);
  });
});
