/**
 * Case S4: after a kill -9 with a shaft that turns, `run resume` makes the rig safe before anything else is
 * looked at, whatever else is wrong, and says of each actuator how far it is.
 */
import {
  copyFileSync,
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
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { monotonicMs } from "../plant/config.js";
import { isNoSocket } from "../plant/copy.js";
import {
  isDead,
  isStart,
  isStop,
  isUnload,
  longestTestMs,
  patienceMs,
  Scene,
  turns,
} from "../plant/scene.js";

function databaseOf(scene: Scene): string {
  const [run] = readdirSync(scene.site.records);
  return join(scene.site.records, run!, "run.db");
}

function damageWal(scene: Scene): void {
  const wal = `${databaseOf(scene)}-wal`;
  const bytes = readFileSync(wal);
  for (let at = Math.floor(bytes.length / 3); at < bytes.length; at += 97) bytes[at]! ^= 0x5a;
  writeFileSync(wal, bytes);
}

const wrongs: { name: string; spoil(scene: Scene): unknown }[] = [
  { name: "a sensor line is dead", spoil: ({ plant }) => plant.kill("sensors", "refused") },
  {
    name: "a thermometer is silent",
    spoil: ({ plant }) => plant.mode("thermometer-2", { silent: true }),
  },
  { name: "run.db is missing", spoil: (scene) => rmSync(databaseOf(scene)) },
  { name: "run.db is empty", spoil: (scene) => truncateSync(databaseOf(scene)) },
  { name: "its WAL is damaged", spoil: damageWal },
  {
    name: "a comment was added to the profile",
    spoil: ({ site: { profileFile: file } }) => {
      writeFileSync(file, `# a comment\n${readFileSync(file, "utf8")}`);
    },
  },
  {
    name: "the rig file is no YAML any more",
    spoil: ({ site: { rigFile, folder } }) => {
      copyFileSync(rigFile, join(folder, "kept.yaml"));
      writeFileSync(rigFile, "rig: [");
    },
  },
];

function saysHowFar(text: string): void {
  for (const role of ["speed", "load"]) {
    expect(text).toMatch(new RegExp(`${role}\\b.*\\b(asked|held|acted|effect|not asked)\\b`));
  }
}

describe("run resume after kill -9 with the shaft turning", () => {
  let scene: Scene;
  /** The site as the killed process left it. */
  let left: string;
  beforeAll(async () => {
    scene = await Scene.make();
    await (await scene.running()).killed();
    left = mkdtempSync(join(tmpdir(), "left-site-"));
    cpSync(scene.site.folder, left, { recursive: true, filter: isNoSocket });
  }, longestTestMs);
  afterAll(async () => {
    await scene.close();
    rmSync(left, { recursive: true });
  });

  /** As it was when the process was killed: one run is enough for all that may be wrong then. */
  beforeEach(async () => {
    const { plant, site } = scene;
    for (const name of readdirSync(left)) rmSync(join(site.folder, name), { recursive: true });
    cpSync(left, site.folder, { recursive: true, filter: isNoSocket });
    await plant.revive("sensors");
    for (const unit of ["thermometer-1", "thermometer-2"]) await plant.mode(unit, {});
    // A tenth of its speed, forward; a kilonewton.
    await plant.order({ do: "set", unit: "spindle", address: 0x1000, value: 1000 });
    await plant.order({ do: "set", unit: "spindle", address: 0x2000, value: 1 });
    await plant.order({ do: "set", unit: "hydraulics", address: 0, value: 341 });
    await plant.until("the shaft turns", turns, patienceMs);
  }, longestTestMs);

  for (const { name, spoil } of wrongs) {
    it(
      `makes the rig safe first where ${name}`,
      async () => {
        await spoil(scene);
        const at = monotonicMs();
        const [run] = readdirSync(scene.site.records);
        const resume = scene.command("run", "resume", run!);
        await scene.plant.write("a stop", (s) => isStop(s), at, patienceMs);
        await scene.plant.write("unload", isUnload, at, patienceMs);
        await scene.plant.until("nothing has energy", isDead, patienceMs);
        const { status, talk, out } = await resume.ended;
        expect([3, 4, 5]).toContain(status);
        saysHowFar(talk + out);
        expect(scene.plant.writes.filter((s) => s.atMs > at && isStart(s))).toEqual([]);
      },
      longestTestMs,
    );
  }

  it(
    "makes the rig safe where Ctrl-C comes as soon as it has begun",
    async () => {
      // A thermometer that keeps the coming back busy: the interrupt falls into it.
      await scene.plant.mode("thermometer-1", { lateMs: 400 });
      const at = monotonicMs();
      const [run] = readdirSync(scene.site.records);
      const resume = scene.command("run", "resume", run!);
      // As soon as it has a hand on the rig; a process that has not got so far is the shell's to end.
      const asks = async () => (await scene.plant.stamps(at)).length > 0;
      while (!(await asks()) && resume.isAlive) await scene.plant.state();
      resume.signal("SIGINT");
      const { status, talk, out } = await resume.ended;
      const state = await scene.plant.state();
      expect(isDead(state), "no process leaves an actuator that has not acted").toBe(true);
      expect([0, 5]).toContain(status);
      saysHowFar(talk + out);
    },
    longestTestMs,
  );
});
