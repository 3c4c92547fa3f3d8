/** A rig that a process keeps, with runs that come and go: real bytes, real processes, words at a terminal. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import type { RigPicture } from "../../src/verb/picture.js";
import { Controller, eventsOf } from "../plant/controller.js";
import {
  type AtEnd,
  isDead,
  isStart,
  longestTestMs,
  patienceMs,
  Scene,
  turns,
} from "../plant/scene.js";

type Keeping = { scene: Scene; keeper: Controller; type(word: string): void };

async function keeping(atEnd: AtEnd, scene?: Scene): Promise<Keeping> {
  const open = await atTerminal(atEnd, ["rig", "keep", "plant-rig"], scene);
  await open.keeper.heard(/plant-rig is kept/, patienceMs);
  return open;
}

/** A command with somebody at its keyboard. */
async function atTerminal(atEnd: AtEnd, words: string[], scene?: Scene): Promise<Keeping> {
  const open = scene ?? (await Scene.make({}, atEnd));
  const pair = await openPtyPair();
  if (!pair.ok) throw new Error(pair.reason);
  atEnd(async () => pair.close());
  const keeper = open.keep(new Controller(open.site, words, pair.path));
  const type = (word: string) => pair.stream.write(Buffer.from(`${word}\n`));
  return { scene: open, keeper, type };
}

/** Six digits, as the terminal shows them to whoever types for them. */
async function tokenOf({ keeper, type }: Keeping): Promise<string> {
  const after = new RegExp(`^[^]{${keeper.talk.length}}[^]*?token (\\d{6})`);
  type("token");
  return (await keeper.heard(after, patienceMs))[1]!;
}

/** What the keeper told is the first thing that a failure shows. */
async function seen({ scene, keeper }: Keeping, what: string): Promise<void> {
  const turning = scene.plant.until(what, (state) => turns(state), patienceMs);
  await turning.catch((error: Error) => {
    throw new Error(`${keeper.out}\n${keeper.talk}\n${error.message}`);
  });
}

function say({ scene }: Keeping, ...words: string[]) {
  return scene.command(...words).ended;
}

const start = ["run", "start", "short", "--rig", "plant-rig", "--specimen", "a,b"];

async function started(open: Keeping, ...more: string[]) {
  return say(open, ...start, "--token", await tokenOf(open), ...more);
}

async function pictureOf(open: Keeping): Promise<RigPicture> {
  const { out } = await say(open, "rig", "status", "plant-rig", "--json");
  return JSON.parse(out) as RigPicture;
}

async function reaches(open: Keeping, fits: (picture: RigPicture) => boolean): Promise<RigPicture> {
  for (;;) {
    const picture = await pictureOf(open);
    if (fits(picture)) return picture;
  }
}

it.concurrent(
  "is watched without a run, and lets go of it with a word: nothing was ever written",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    const picture = await reaches(open, ({ readings }) => readings.every((r) => r.value !== null));
    expect(picture).toMatchObject({ state: "Idle", reason: "no run", run: null, alarms: [] });
    const twice = await say(open, "rig", "keep", "plant-rig");
    expect(twice).toMatchObject({ status: 5 });
    expect(twice.talk).toMatch(/plant-rig is kept by process \d+ of /);
    expect((await say(open, "rig", "release", "plant-rig")).status).toBe(0);
    expect((await open.keeper.ended).status).toBe(0);
    expect(open.scene.plant.writes).toEqual([]);
  },
  longestTestMs,
);

it.concurrent(
  "takes a run as guest with the token, one at a time, and is still kept after it",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    const bare = await say(open, ...start);
    expect(bare.status).toBe(5);
    expect(bare.talk).toContain("run start needs a person at the rig");
    const accepted = await started(open);
    expect(accepted).toMatchObject({ status: 0, talk: "" });
    expect(accepted.out).toMatch(/plant-rig: run start accepted; .*run plant-rig-1 in /);
    await seen(open, "the shaft turns");
    const second = await started(open);
    expect(second).toMatchObject({ status: 5 });
    expect(second.talk).toContain("run plant-rig-1 is on it");
    expect((await say(open, "run", "stop", "plant-rig-1", "--yes")).status).toBe(0);
    const after = await reaches(open, ({ run }) => run === null);
    expect(after.state).toBe("Idle");
    expect(isDead(await open.scene.plant.state())).toBe(true);
    expect((await started(open)).out).toContain("plant-rig-2");
    await seen(open, "the shaft turns again");
    expect((await say(open, "rig", "release", "plant-rig")).status).toBe(0);
    expect((await open.keeper.ended).status).toBe(0);
    expect(isDead(await open.scene.plant.state())).toBe(true);
    const listed = await say(open, "run", "list", "--json");
    const outcomes = (JSON.parse(listed.out) as { id: string; outcome: string }[]).map(
      ({ id, outcome }) => [id, outcome],
    );
    expect(outcomes).toEqual([
      ["plant-rig-1", "stopped"],
      ["plant-rig-2", "interrupted"],
    ]);
  },
  longestTestMs,
);

it.concurrent(
  "after an abort takes no run before it is cleared, then goes on with the same run",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    await started(open);
    await seen(open, "the shaft turns");
    await say(open, "run", "abort", "plant-rig-1", "--reason", "a noise");
    await reaches(open, ({ run, state }) => run === null && state === "Aborted");
    const tooEarly = await say(
      open,
      ...["run", "resume", "plant-rig-1", "--yes", "--token", await tokenOf(open)],
    );
    expect(tooEarly.status).toBe(5);
    expect(tooEarly.talk).toMatch(/Aborted: a noise; .*rig clear/);
    const cleared = await say(open, "rig", "clear", "plant-rig", "--token", await tokenOf(open));
    expect(cleared.status).toBe(0);
    const before = open.scene.plant.writes.length;
    const resumed = await say(
      open,
      ...["run", "resume", "plant-rig-1", "--yes", "--token", await tokenOf(open)],
    );
    expect(resumed.status).toBe(0);
    await seen(open, "it turns again");
    const later = open.scene.plant.writes.slice(before);
    expect(later.some((stamp) => isStart(stamp))).toBe(true);
    await say(open, "run", "stop", "plant-rig-1", "--yes");
    await reaches(open, ({ run }) => run === null);
    const events = await eventsOf(open.scene.site, "plant-rig-1");
    const told = events.map(({ kind }) => kind);
    expect(told.filter((kind) => kind === "run-ended")).toHaveLength(1);
    const away = events.filter(({ text }) =>
      /^the rig was kept without the run for/.test(String(text)),
    );
    const { input } = away[0]!["data"] as { input: { speedAtMostRpm: number } };
    expect(input.speedAtMostRpm, "a shaft that was seen to stand").toBeLessThan(5);
    const journal = await say(open, "rig", "journal", "plant-rig", "--json");
    const ways = journal.out
      .split("\n")
      .filter((line) => line.includes("hand-over"))
      .map((line) => (JSON.parse(line) as { data: { way: string } }).data.way);
    expect(ways).toEqual(["in", "out", "in", "out"]);
    expect((await say(open, "run", "verify", "plant-rig-1")).status).toBe(0);
  },
  longestTestMs,
);

it.concurrent(
  "without a terminal shows its digits to its own user, through a file that nobody else can read",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const keeper = scene.keep(new Controller(scene.site, ["rig", "keep", "plant-rig"]));
    await keeper.heard(/plant-rig is kept/, patienceMs);
    const { state } = scene.site;
    const keys = readdirSync(state).filter((name) => name.endsWith(".key"));
    expect(keys).toHaveLength(1);
    expect(statSync(join(state, keys[0]!)).mode & 0o777).toBe(0o600);
    const say = (...words: string[]) => scene.command(...words).ended;
    const shown = await say("rig", "token", "plant-rig");
    expect(shown).toMatchObject({ status: 0, talk: "" });
    expect(shown.out).toMatch(/^\d{6}\n$/);
    const taken = await say("rig", "take", "plant-rig", "--token", shown.out.trim(), "--json");
    const { token = "" } = JSON.parse(taken.out) as { token?: string };
    const accepted = await say(...start, "--token", token);
    expect(accepted.status, accepted.talk).toBe(0);
    await scene.plant.until("the shaft turns", (at) => turns(at), patienceMs);
    const journal = await say("rig", "journal", "plant-rig");
    expect(journal.out).toMatch(/rig token by /);
    expect(journal.out).toMatch(/rig take by /);
    expect(journal.out).not.toContain(token);
    keeper.signal("SIGTERM");
    expect((await keeper.ended).status).toBe(0);
    expect(readdirSync(state).filter((name) => name.endsWith(".key"))).toEqual([]);
  },
  longestTestMs,
);

it.concurrent(
  "a run is held by Ctrl-C of its keeper, made safe and left open",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    await started(open);
    await seen(open, "the shaft turns");
    open.keeper.signal("SIGINT");
    const { status, talk } = await open.keeper.ended;
    expect(status).toBe(0);
    expect(talk).toContain("run plant-rig-1 stays open");
    expect(isDead(await open.scene.plant.state())).toBe(true);
  },
  longestTestMs,
);

it.concurrent(
  "a run is parked for another one, and goes on after it with a word on each station",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    await started(open);
    await seen(open, "the shaft turns");
    const parked = await say(open, "run", "park", "plant-rig", "--reason", "an urgent lot");
    expect(parked).toMatchObject({ status: 0, talk: "" });
    await reaches(open, ({ run, state }) => run === null && state === "Idle");
    expect(isDead(await open.scene.plant.state())).toBe(true);
    const listed = await say(open, "run", "list", "--outcome", "parked");
    expect(listed.out).toMatch(/plant-rig-1 .* an urgent lot; s1, s2 taken off\n/);
    const same = await started(open);
    expect(same.status).toBe(5);
    expect(same.talk).toContain("run plant-rig-1 is parked and has specimen a, b");
    const others = ["run", "start", "short", "--rig", "plant-rig", "--specimen", "c,d"];
    const other = await say(open, ...others, "--token", await tokenOf(open));
    expect(other.status, other.talk).toBe(0);
    await seen(open, "it turns for the other one");
    await say(open, "run", "stop", "plant-rig-2", "--yes");
    await reaches(open, ({ run }) => run === null);
    const resume = ["run", "resume", "plant-rig-1", "--yes", "--by", "mei"];
    const bare = await say(open, ...resume, "--token", await tokenOf(open));
    expect(bare.status).toBe(5);
    expect(bare.talk).toContain("s1 is suspect (taken off when the run was parked)");
    const words = ["s1", "s2"].flatMap((station) => [
      ...["--disposition", `${station}=outside continue: same serial, turns freely`],
    ]);
    const resumed = await say(open, ...resume, ...words, "--token", await tokenOf(open));
    expect(resumed.status, resumed.talk).toBe(0);
    await seen(open, "it turns again");
    await say(open, "run", "stop", "plant-rig-1", "--yes");
    await reaches(open, ({ run }) => run === null);
    const journal = await say(open, "rig", "journal", "plant-rig");
    expect(journal.out).toContain("run plant-rig-1 is parked and has left the rig");
    expect((await say(open, "run", "verify", "plant-rig-1")).status).toBe(0);
    expect((await say(open, "rig", "verify", "plant-rig")).status).toBe(0);
  },
  longestTestMs,
);

it.concurrent(
  "whoever waits for a run is given its exit status",
  async ({ onTestFinished: atEnd }) => {
    const open = await keeping(atEnd);
    const waiting = started(open, "--wait");
    await seen(open, "the shaft turns");
    await say(open, "run", "abort", "plant-rig");
    expect((await waiting).status).toBe(7);
  },
  longestTestMs,
);

it.concurrent(
  "after an abort of its run a start at a terminal stays, takes clear and resume, and ends with 7",
  async ({ onTestFinished: atEnd }) => {
    const open = await atTerminal(atEnd, start);
    await seen(open, "the shaft turns");
    await say(open, "run", "abort", "plant-rig");
    await open.keeper.heard(/the rig stays kept/, patienceMs);
    expect(isDead(await open.scene.plant.state())).toBe(true);
    open.type("resume");
    await open.keeper.heard(/run resume is refused: Aborted/, patienceMs);
    open.type("clear");
    await open.keeper.heard(/rig clear accepted; Idle/, patienceMs);
    open.type("resume");
    await open.keeper.heard(/run resume accepted/, patienceMs);
    await seen(open, "it turns again");
    open.keeper.signal("SIGINT");
    expect((await open.keeper.ended).status).toBe(7);
    expect(isDead(await open.scene.plant.state())).toBe(true);
  },
  longestTestMs,
);

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
