import { expect, it } from "vitest";
import { longestTestMs, patienceMs, Scene } from "../plant/scene.js";
import { keeping, pictureOf, reaches, say, seen, started, tokenOf } from "./keeping.js";

it.concurrent(
  "sends not one frame to a device that is out of service, and asks it who it is before it counts again",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    const out = [
      ...["rig", "out-of-service", "plant-rig", "--device", "thermometer-1"],
      ...["--for", "1 h", "--reason", "its cable is changed", "--by", "mei"],
    ];
    const energised = await say(open, ...out);
    expect(energised.status).toBe(5);
    expect(energised.talk).toContain("the rig is not safe");
    expect((await say(open, "rig", "safe", "plant-rig")).status).toBe(0);
    const taken = await say(open, ...out);
    expect(taken).toMatchObject({ status: 0 });
    expect(taken.out).toContain("this is not a lock-out: lock the isolator");
    const { atMs } = await open.scene.plant.state();
    const asked = async () => new Set((await open.scene.plant.stamps(atMs)).map((s) => s.name));
    while (!(await asked()).has("thermometer-2")) await pictureOf(open);
    expect(await asked()).not.toContain("thermometer-1");
    const back = ["rig", "return", "plant-rig", "--device", "thermometer-1", "--by", "mei"];
    expect((await say(open, ...back)).talk).toContain("needs a person at the rig");
    expect((await say(open, ...back, "--token", await tokenOf(open))).status).toBe(0);
    expect(await asked()).toContain("thermometer-1");
  },
  longestTestMs,
);

it.concurrent(
  "bypasses one limit for a while, by two people, and no overspeed",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    expect((await say(open, "rig", "safe", "plant-rig")).status).toBe(0);
    const bypass = async (limit: string) =>
      say(
        open,
        ...["limit", "bypass", "plant-rig", limit, "--for", "1 h", "--reason", "it is tried"],
        ...["--by", "mei", "--second", "wang", "--token", await tokenOf(open)],
      );
    expect((await bypass("overload")).out).toContain("by mei with wang");
    expect((await bypass("overspeed")).status).toBe(5);
    const restored = await say(open, "limit", "restore", "plant-rig", "overload", "--by", "mei");
    expect(restored.out).toContain("overload counts again");
  },
  longestTestMs,
);

it.concurrent(
  "tells what is missing, and begins no run before it is there",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    await scene.plant.mode("spindle", { silent: true });
    const open = await keeping(atEnd, scene);
    await open.keeper.heard(/no run begins, spindle: /, patienceMs);
    const refused = await started(open);
    expect(refused.status).toBe(5);
    expect(refused.talk).toMatch(/cannot start: .*spindle/);
    await scene.plant.mode("spindle", {});
    await open.keeper.heard(/every device is what the rig file says/, patienceMs);
    expect((await started(open)).status).toBe(0);
  },
  longestTestMs,
);

it.concurrent(
  "after a trip on a station takes its signed word at the terminal, and goes on",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    await started(open);
    await seen(open, "the shaft turns");
    await open.scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
    await reaches(open, ({ run, state }) => run === null && state === "Aborted");
    await open.scene.plant.order({ do: "pv", unit: "thermometer-1", degC: 40 });
    await reaches(open, ({ alarms }) => alarms.every((a) => a.returnedWall !== null));
    open.type("clear");
    await open.keeper.heard(/rig clear accepted; Idle/, patienceMs);
    open.type("resume");
    await open.keeper.heard(/s1 is suspect .*; here: resume s2=sensor continue: /, patienceMs);
    open.type("resume s1=sensor continue: cable was loose");
    await open.keeper.heard(/run resume accepted/, patienceMs);
    await seen(open, "it turns again");
  },
  longestTestMs,
);

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
