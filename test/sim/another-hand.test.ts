/** A run whose drive is taken to its panel and given back: it holds, nothing starts by itself, a person resumes. */
import { afterAll, expect, it } from "vitest";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { at, changedRig, ofKind, path, short } from "./short.js";

afterAll(removeFolders);

const rig = changedRig("bearing-four", {
  "type: inovance/md-dialect": "type: abb/acs580",
  "write: spindle.setpoint": "write: spindle.reference",
  "read: spindle.running-speed": "read: spindle.actual",
});

/** Words written to the drive's control word, with their times. */
function watched() {
  const words: { at: number; word: number }[] = [];
  const before = (run: SimRun) => {
    const drive = run.bench.device("spindle");
    drive.onWrite((points) => {
      if (!points.includes("control-word")) return;
      words.push({ at: run.clock.elapsed(), word: drive.get("control-word") });
    });
  };
  return { words, before };
}

const panel = (atMs: number, isLocal: boolean) => ({
  atMs,
  act: (run: SimRun) => run.bench.device("spindle").set("remote", isLocal ? 0 : 1),
});

it("holds at its ramps, waits in Held with what is to be done, starts nothing when it is given back, and goes on by a person's word", async () => {
  const { words, before } = watched();
  const script = [
    panel(30_000, true),
    at(45_000, "resume"),
    panel(60_000, false),
    at(90_000, "resume"),
  ];
  const run = await simulate({ ...short, rig, before, script });
  expect(run.summary, run.summary?.reason).toMatchObject({ outcome: "completed" });
  expect(path(run)).toEqual(expect.arrayContaining(["Execute", "Holding", "Held", "Unholding"]));
  expect(path(run)).not.toContain("Aborting");
  const texts = run.events.map(({ text }) => text);
  expect(texts.filter((t) => t.startsWith("spindle is in another hand (remote is"))).toHaveLength(
    1,
  );
  expect(texts).toContain("spindle is given back: it is stopped once, and nothing is started");
  const refused = texts.find((text) => text.startsWith("resume refused"));
  expect(refused).toBe("resume refused: in another hand: speed; give it back to remote first");
  const isRun = ({ word }: (typeof words)[number]) => word === 0x047f;
  expect(words.filter((w) => isRun(w) && w.at > 31_500 && w.at < 90_000)).toEqual([]);
  expect(words.some((w) => isRun(w) && w.at > 90_000)).toBe(true);
  expect(ofKind(run, "trip")).toEqual([]);
});

it("is stopped without waiting for ramps when it is given back on the way down, and the run is held", async () => {
  const { words, before } = watched();
  const script = [panel(30_000, true), panel(31_500, false), at(60_000, "stop")];
  const run = await simulate({ ...short, rig, before, script });
  const back = run.events.find(({ text }) => text.includes("is given back"));
  expect(path(run)).toEqual(expect.arrayContaining(["Holding", "Held", "Stopped"]));
  expect(back!.at).toBeLessThan(34_000);
  const stops = words.filter(({ at: ms, word }) => word === 0x047e && ms > 31_000 && ms < 35_000);
  expect(stops[0]!.at - back!.at).toBeLessThan(2000);
  expect(words.filter(({ at: ms, word }) => word === 0x047f && ms > 31_500)).toEqual([]);
});
