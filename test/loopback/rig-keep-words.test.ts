/** What is said of a kept rig and at its terminal leads on: real bytes, real processes. */
import { expect, it } from "vitest";
import { longestTestMs } from "../plant/scene.js";
import { keeping, reaches, say, seen, started } from "./keeping.js";

it.concurrent(
  "is let go by a person's signed word where an actuator never acts: its process ends",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    await started(open);
    await seen(open, "the shaft turns");
    await open.scene.plant.mode("spindle", { local: true });
    await say(open, "run", "abort", "plant-rig");
    await reaches(open, ({ state }) => state === "Aborting");
    const word = ["--reason", "isolated at Q1", "--by", "anna"];
    expect((await say(open, "rig", "abandon", "plant-rig", ...word)).status).toBe(0);
    expect((await open.keeper.ended).status).toBe(0);
  },
  longestTestMs,
);

it.concurrent(
  "without a run says so to who would stop one, with the whole command for each that is open",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    const none = await say(open, "run", "stop", "plant-rig");
    expect(none).toMatchObject({ status: 5 });
    expect(none.talk).toContain("there is no run on plant-rig; no run of it is open");
    await started(open);
    await seen(open, "the shaft turns");
    await say(open, "run", "abort", "plant-rig");
    await reaches(open, ({ run }) => run === null);
    const { talk } = await say(open, "run", "stop", "plant-rig");
    expect(talk).toMatch(/open is: node \S+ --site \S+ run stop plant-rig-1/);
  },
  longestTestMs,
);
