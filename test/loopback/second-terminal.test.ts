/** A run at one terminal, and what a second one may do with it: over the socket of its process, on real bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RigPicture } from "../../src/verb/picture.js";
import type { Controller } from "../plant/controller.js";
import { type AtEnd, isDead, longestTestMs, patienceMs, Scene } from "../plant/scene.js";

type Running = { scene: Scene; run: Controller };

async function running(atEnd: AtEnd): Promise<Running> {
  const scene = await Scene.make({}, atEnd);
  return { scene, run: await scene.running() };
}

/** A command at the second terminal, to its end. */
function second({ scene }: Running, ...words: string[]) {
  return scene.command(...words).ended;
}

async function pictureOf(open: Running): Promise<RigPicture> {
  const { out } = await second(open, "rig", "status", "plant-rig", "--json");
  return JSON.parse(out) as RigPicture;
}

async function reaches(open: Running, state: RigPicture["state"]): Promise<RigPicture> {
  for (;;) {
    const picture = await pictureOf(open);
    if (picture.state === state) return picture;
  }
}

function sockets({ scene }: Running): string[] {
  return readdirSync(scene.site.state).filter(
    (name) => /\.(sock|json)$/.test(name) && !/plan/.test(name),
  );
}

it.concurrent(
  "holds the run, shows it held, is refused a resume without the token, and lets it go",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    expect((await pictureOf(open)).run?.id).toBe("plant-rig-1");
    const held = await second(open, "run", "hold", "plant-rig", "--reason", "a noise");
    expect(held).toMatchObject({ status: 0, talk: "" });
    const picture = await reaches(open, "Held");
    expect(picture.reason).toContain("a noise");
    expect(isDead(await open.scene.plant.state())).toBe(true);
    const safe = await second(open, "rig", "safe", "plant-rig");
    expect(safe.status).toBe(0);
    expect(safe.talk).toContain("it is held and safe already");
    expect(safe.talk + safe.out).not.toContain("NOT SAFE");
    const again = await second(open, "run", "hold", "plant-rig");
    expect(again.status).toBe(5);
    expect(again.talk).toMatch(/it is held already, for .* \(a noise\)/);
    const resume = await second(open, "run", "resume", "plant-rig-1", "--yes");
    expect(resume.status).toBe(5);
    expect(resume.talk).toContain("needs a person at the rig");
    const left = await second(open, "run", "leave", "plant-rig-1");
    expect(left.status).toBe(0);
    expect((await open.run.ended).status).toBe(0);
    expect(sockets(open)).toEqual([]);
  },
  longestTestMs,
);

it.concurrent(
  "finds in the log of its process what was asked of it, and no token, and more of it when told",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    await second(open, "rig", "reset", "plant-rig", "--token", "480112");
    expect((await second(open, "rig", "log", "plant-rig", "debug")).status).toBe(0);
    expect((await second(open, "run", "abort", "plant-rig")).status).toBe(0);
    await open.run.ended;
    const { state } = open.scene.site;
    const [name = ""] = readdirSync(state).filter((file) => file.endsWith(".log"));
    const log = readFileSync(join(state, name), "utf8");
    const lines = log.trim().split("\n");
    const said = lines.map((line) => (JSON.parse(line) as { msg: string }).msg).join("\n");
    expect(said).toMatch(/^serving plant-rig of /m);
    expect(said).toMatch(/^rig reset by .*: refused \(presence\)/m);
    expect(said).toMatch(/^run abort by .*: accepted/m);
    expect(log).not.toContain("480112");
    for (const line of lines) expect(line.match(/"pid":/g), line).toHaveLength(1 + asksIn(line));
  },
  longestTestMs,
);

/** Whoever asked has a pid too, in an object of his own. */
function asksIn(line: string): number {
  return "asker" in (JSON.parse(line) as object) ? 1 : 0;
}

it.concurrent(
  "aborts it: safe values at once, and its process ends with 7",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    expect((await second(open, "run", "abort", "plant-rig-1")).status).toBe(0);
    expect((await open.run.ended).status).toBe(7);
    expect(isDead(await open.scene.plant.state())).toBe(true);
  },
  longestTestMs,
);

it.concurrent(
  "makes its rig safe through the process that keeps it",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    const { status, talk } = await second(open, "rig", "safe", "plant-rig");
    expect(talk).toMatch(/plant-rig is kept by process \d+ of /);
    expect(status).toBe(0);
    expect((await open.run.ended).status).toBe(7);
    expect(isDead(await open.scene.plant.state())).toBe(true);
  },
  longestTestMs,
);

it.concurrent(
  "ends the test when told yes, and names the stake before",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    const asked = await second(open, "run", "stop", "plant-rig-1");
    expect(asked.status).toBe(5);
    expect(asked.talk).toMatch(/this ends .* of 2 specimens as censored/);
    const told = await second(open, "run", "stop", "plant-rig-1", "--yes", "--json");
    expect(JSON.parse(told.out)).toMatchObject({ requested: true, accepted: true });
    expect((await open.run.ended).status).toBe(0);
    const { out } = await second(open, "run", "show", "plant-rig-1", "--json");
    expect(out).toContain("censored");
  },
  longestTestMs,
);

it.concurrent(
  "names a run's process that hangs, and after its death makes the rig safe from its plan",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    const { pid } = open.run.child;
    open.run.signal("SIGSTOP");
    const hung = await second(open, "run", "hold", "plant-rig");
    expect(hung.status).toBe(4);
    expect(hung.talk).toMatch(new RegExp(`kept by process ${pid} of .*stopped: kill -CONT ${pid}`));
    await open.run.killed();
    const nobody = await second(open, "run", "hold", "plant-rig");
    expect(nobody.status).toBe(5);
    expect(nobody.talk).toContain("no process keeps plant-rig");
    expect((await second(open, "rig", "safe", "plant-rig")).status).toBe(0);
    expect(isDead(await open.scene.plant.state())).toBe(true);
  },
  longestTestMs,
);

it.concurrent(
  "cannot start another run on the rig, and is told who keeps it",
  async ({ onTestFinished: atEnd }) => {
    const open = await running(atEnd);
    const another = open.scene.start();
    const { status, talk } = await another.ended;
    expect([4, 5]).toContain(status);
    expect(talk).toContain(`process ${open.run.child.pid}`);
    expect(talk).not.toContain("made safe first");
    expect((await pictureOf(open)).state).toBe("Execute");
    await open.run.heard(/./, patienceMs);
  },
  longestTestMs,
);
