/** Two rigs in real time over real bytes, as `npm start` runs them where there is no terminal. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { newFolder, root, Started, wearout } from "./command.js";

type Listed = { id: string; outcome: string | null; condition: string; simulated: boolean };

async function runs(records: string): Promise<Listed[]> {
  const { out } = await wearout("run", "list", "--records", records, "--json");
  return JSON.parse(out) as Listed[];
}

it("the demo says it is simulated, is read while it runs, and goes safe on Ctrl-C", async () => {
  const records = newFolder();
  const demo = new Started(["demo", "--records", records]);
  for (const rig of ["bearing-four", "harmonic-one"]) {
    await demo.heard(new RegExp(`${rig} .*(step 1 of)`));
  }
  expect(await runs(records)).toMatchObject([
    { id: "bearing-four-1", condition: "running", simulated: true },
    { id: "harmonic-one-1", condition: "running", simulated: true },
  ]);
  const { status, out, talk } = await demo.interrupt();
  expect(status).toBe(0);
  expect(out).toMatch(/SIMULATED bearing-four-1: stopped[\s\S]*SIMULATED harmonic-one-1: stopped/);
  const next = /the record: (.*bearing-four-1)$/m.exec(out)?.[1] ?? "";
  expect(next).toMatch(/^node bin\/wearout\.js run show --records \S+ bearing-four-1$/);
  const typed = spawnSync(next, { shell: true, cwd: root, encoding: "utf8" });
  expect(typed).toMatchObject({ status: 0, stdout: expect.stringContaining("SIMULATED") });
  expect(talk).toContain("SIMULATED lab: no hardware is touched.");
  expect(talk).toMatch(
    /harmonic-one .* safe values: output-torque (acted|effect), input-speed (acted|effect)/,
  );
  expect(talk).toMatch(/bearing-four .* safe values: load held, speed acted/);
  expect(await runs(records)).toMatchObject([
    { outcome: "stopped", condition: "ended" },
    { outcome: "stopped", condition: "ended" },
  ]);
}, 240_000);

it("the demo that is interrupted before its lines are open starts nothing and ends with 0", async () => {
  const demo = new Started(["demo", "--records", newFolder()]);
  await demo.heard(/(SIMULATED lab)/);
  const { status, talk } = await demo.interrupt();
  expect(status).toBe(0);
  expect(talk).not.toMatch(/Starting -> Execute/);
}, 240_000);
