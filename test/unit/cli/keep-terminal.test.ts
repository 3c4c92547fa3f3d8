import { expect, it } from "vitest";
import { onWord } from "../../../src/cli/rig/keep-terminal.js";
import { FakeKeeper, fakeHello, fakePicture } from "../api/fake-keeper.js";

const word = "resume s1=sensor continue: cable was loose";

/** What a word at the terminal of a kept rig asks for. */
async function asked(run: "on" | "gone") {
  const now = fakePicture("rig-a", { state: "Held", ...(run === "gone" ? { run: null } : {}) });
  const keeper = new FakeKeeper(fakeHello("/srv/lab", "rig-a"), now);
  const out = { talk: () => {}, colour: false };
  const last = () => ({ run: "rig-a-3", records: "/records" });
  await onWord(word, { counter: keeper, out, token: () => undefined, last });
  return keeper.asked.map(({ command }) => command);
}

it("resume with a signed word brings a run back that has left the rig, the word with it", async () => {
  expect(await asked("gone")).toMatchObject([
    {
      verb: "run resume",
      args: { run: "rig-a-3", yes: true, dispositions: ["s1=sensor continue: cable was loose"] },
    },
  ]);
});

it("resume with a signed word says the word first where the run is on the rig", async () => {
  expect(await asked("on")).toMatchObject([
    { verb: "run dispose", args: { station: "s1", kind: "sensor", decision: "continue" } },
    { verb: "run resume", args: {} },
  ]);
});
