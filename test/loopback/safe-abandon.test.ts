/** A person's word on a rig that a process keeps, and what others are told of that process and its plan. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { monotonicMs } from "../plant/config.js";
import { eventsOf } from "../plant/controller.js";
import { patienceMs, Scene, turns } from "../plant/scene.js";

const scenes: Scene[] = [];
afterAll(async () => {
  for (const scene of scenes) await scene.close();
});

async function scene(): Promise<Scene> {
  const made = await Scene.make();
  scenes.push(made);
  return made;
}

const abandon = (made: Scene) =>
  made.command("rig", "abandon", "plant-rig", "--reason", "isolated at Q1", "--by", "anna");

function planOf({ site }: Scene): string {
  const [name] = readdirSync(site.state).filter((file) => file.endsWith(".plan.json"));
  return join(site.state, name!);
}

it("the word is refused where it is given while the rig runs, and the run goes on", async () => {
  const made = await scene();
  const run = await made.running();
  const { status, talk } = await abandon(made).ended;
  expect(status).toBe(5);
  expect(talk).toMatch(
    /rig abandon is refused by process \d+ of \S+ on \S+: the rig runs; run hold, run stop or run abort first/,
  );
  expect(run.isAlive).toBe(true);
  expect(turns(await made.plant.state())).toBe(true);
});

it("the word lets a process go at once that waits in Aborting, and is the cause's last word", async () => {
  const made = await scene();
  const run = await made.running();
  // It acknowledges its stop and turns on: nothing but a person can end that.
  await made.plant.mode("spindle", { local: true });
  await made.plant.order({ do: "pv", unit: "thermometer-1", degC: 140 });
  await run.heard(/-> Aborting/, patienceMs);
  const at = monotonicMs();
  const { status, out } = await abandon(made).ended;
  expect(status).toBe(0);
  expect(out).toMatch(/plant-rig: rig abandon accepted; Abort.*left by anna: isolated at Q1/);
  const end = await run.ended;
  // Not after the 30 s of a standstill.
  expect(end.atMs - at, "time").toBeLessThan(10_000);
  expect(end.status).toBe(7);
  const list = await made.command("run", "list").ended;
  expect(list.out).toMatch(/interrupted.*housing-hot.*left by anna: isolated at Q1/);
});

it("a plan that is removed while the rig runs is written again, and that is in the record", async () => {
  const made = await scene();
  const run = await made.running();
  const file = planOf(made);
  rmSync(file);
  await run.heard(
    /the safe plan .* was removed while the rig is kept: it is written again/,
    60_000,
  );
  expect(planOf(made)).toBe(file);
  const events = await eventsOf(made.site, "plant-rig-1");
  const texts = events.map(({ text }) => String(text));
  expect(texts.filter((text) => /was removed while the rig is kept/.test(text))).toHaveLength(1);
});

it("who asks for the line of a process that is stopped is told so, and how it goes on", async () => {
  const made = await scene();
  const run = await made.running();
  run.signal("SIGSTOP");
  const { status, talk, out } = await made.command("rig", "safe", "plant-rig").ended;
  run.signal("SIGCONT");
  expect(status).toBe(5);
  const { pid } = run.child;
  const told = `is held by process ${pid}, which is stopped: kill -CONT ${pid} lets it go on`;
  expect(talk + out).toContain(told);
});

it("a run is kept on, and says so, while its state folder refuses to be written", async () => {
  const made = await scene();
  const run = await made.running();
  // A file where the folder was: nobody can write there, whoever he is.
  rmSync(made.site.state, { recursive: true });
  writeFileSync(made.site.state, "");
  await run.heard(/cannot be written: .*; it stays as it was, and the run goes on/, patienceMs);
  expect(turns(await made.plant.state())).toBe(true);
  rmSync(made.site.state);
  await run.heard(/the safe plan .* is written again/, patienceMs);
  run.signal("SIGINT");
  expect((await run.ended).status).toBe(0);
});

it("run stop on a rig that cannot be made safe names rig abandon, and ends the run after it", async () => {
  const made = await scene();
  await (await made.running()).killed();
  await made.plant.mode("spindle", { stranger: true });
  const stop = () => made.command("run", "stop", "plant-rig-1", "--yes").ended;
  const first = await stop();
  expect(first.status).toBe(5);
  const said =
    /go there and use its emergency stop or isolator, then: wearout --site (\S+) rig abandon plant-rig --reason/;
  expect(first.talk).toMatch(said);
  expect((await abandon(made).ended).status).toBe(0);
  const second = await stop();
  expect(second.status, second.talk).toBe(0);
  expect(second.out).toMatch(/plant-rig-1: stopped \(Stopped\)/);
});
