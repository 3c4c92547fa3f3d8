/** `wearout rig safe` after kill -9: the safe plan alone makes the rig safe, and bad plans say what is still possible. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { monotonicMs, type Stamp } from "../plant/config.js";
import type { Controller } from "../plant/controller.js";
import { isNoSocket } from "../plant/copy.js";
import {
  type AtEnd,
  isDead,
  isStop,
  isUnload,
  longestTestMs,
  patienceMs,
  Scene,
} from "../plant/scene.js";
import type { DriveKind } from "../plant/site.js";

type Told = { rig: string; actuators: { role: string; level: string; acted: boolean }[] };

async function killedRun(atEnd?: AtEnd, drive: DriveKind = "md"): Promise<Scene> {
  const scene = await Scene.make({ drive }, atEnd);
  await (await scene.running()).killed();
  return scene;
}

function safe(scene: Scene): Controller {
  return scene.command("rig", "safe", "plant-rig", "--json");
}

for (const drive of ["md", "acs580", "asda"] as const) {
  it.concurrent(
    `stops an ${drive} drive and unloads with the site and the record gone`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await killedRun(atEnd, drive);
      for (const folder of ["rigs", "profiles", "records"]) {
        rmSync(join(scene.site.folder, folder), { recursive: true });
      }
      const at = monotonicMs();
      const command = safe(scene);
      const stop = await scene.plant.write("a stop", (s) => isStop(s, drive), at, patienceMs);
      const unload = await scene.plant.write("unload", isUnload, at, patienceMs);
      const { status, out } = await command.ended;
      expect(status).toBe(0);
      const { actuators } = JSON.parse(out) as Told;
      const found = Object.fromEntries(actuators.map((a) => [a.role, a]));
      expect(found["speed"]).toMatchObject({ level: "acted", acted: true });
      expect(found["load"]).toMatchObject({ level: "held", acted: true });
      expect(isDead(await scene.plant.state())).toBe(true);
      expect(Math.max(stop.atMs, unload.atMs) - at, "time").toBeLessThan(3000);
    },
    longestTestMs,
  );
}

it.concurrent(
  "a plan with nothing energised writes nothing",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    run.signal("SIGINT");
    await run.ended;
    const at = monotonicMs();
    const { status } = await safe(scene).ended;
    expect(status).toBe(0);
    expect(scene.plant.writes.filter((s) => s.atMs > at)).toEqual([]);
  },
  longestTestMs,
);

it.concurrent(
  "another device at the drive's address gets no write, and it is said so",
  async ({ onTestFinished: atEnd }) => {
    const scene = await killedRun(atEnd);
    await scene.plant.mode("spindle", { stranger: true });
    const at = monotonicMs();
    const command = safe(scene);
    await scene.plant.write("unload", isUnload, at, patienceMs);
    const { status, out, talk } = await command.ended;
    const toDrive = (s: Stamp) => s.atMs > at && s.name === "spindle";
    expect(scene.plant.writes.filter(toDrive)).toEqual([]);
    expect([4, 5]).toContain(status);
    expect(out + talk).toMatch(/spindle|speed/);
  },
  longestTestMs,
);

it.concurrent(
  "silence of a device that was identified before does not keep its stop away",
  async ({ onTestFinished: atEnd }) => {
    const scene = await killedRun(atEnd);
    await scene.plant.kill("drive", "silent", 3000);
    const at = monotonicMs();
    const command = safe(scene);
    const stop = await scene.plant.write(
      "a stop",
      (s) => isStop(s) && s.outcome === "done",
      at,
      patienceMs,
    );
    expect(stop.atMs - at, "time").toBeLessThan(3000 + 2000);
    expect((await command.ended).status).toBe(0);
  },
  longestTestMs,
);

const badPlans: { name: string; spoil(file: string): void; status: number[] }[] = [
  { name: "missing", spoil: (file) => rmSync(file), status: [3, 5] },
  { name: "cut", spoil: (file) => truncateSync(file, 200), status: [3, 5] },
  { name: "empty", spoil: (file) => truncateSync(file), status: [3, 5] },
  { name: "of a newer version", spoil: (file) => changeVersion(file, 99), status: [3, 5] },
];

function changeVersion(file: string, version: number): void {
  const plan = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const key = Object.keys(plan).find((name) => /version|layout/i.test(name))!;
  writeFileSync(file, JSON.stringify({ ...plan, [key]: version }));
}

describe("a plan file that is bad is a sentence and an exit status, not a defect", () => {
  let scene: Scene;
  let folder: string;
  beforeAll(async () => {
    scene = await killedRun();
    folder = mkdtempSync(join(tmpdir(), "good-plans-"));
    cpSync(scene.site.state, folder, { recursive: true, filter: isNoSocket });
  }, longestTestMs);
  afterAll(async () => {
    await scene.close();
    rmSync(folder, { recursive: true });
  });

  for (const { name, spoil, status } of badPlans) {
    it(
      `when it is ${name}`,
      async () => {
        cpSync(folder, scene.site.state, { recursive: true, filter: isNoSocket });
        for (const file of plansOf(scene)) spoil(file);
        const end = await safe(scene).ended;
        expect(status).toContain(end.status);
        expect(end.talk).toMatch(/isolator|switch/);
        expect(end.talk).not.toMatch(/defect/);
        expect((await scene.plant.state()).units["spindle"]!.energised).toBe(true);
      },
      longestTestMs,
    );
  }
});

function plansOf({ site }: Scene): string[] {
  const entries = readdirSync(site.state, { withFileTypes: true, recursive: true });
  const files = entries.filter((e) => e.isFile() && e.name.endsWith(".plan.json"));
  expect(files.length).toBeGreaterThan(0);
  return files.map((e) => join(e.parentPath, e.name));
}
