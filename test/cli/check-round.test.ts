/** All that is wrong with a file is said in one round, in form and in meaning. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { newFolder, root, wearout } from "./command.js";

/** A site with one shipped file changed; what is to be replaced must be there. */
function changed(name: string, changes: Record<string, string>) {
  let text = readFileSync(join(root, name), "utf8");
  for (const [old, fresh] of Object.entries(changes)) {
    if (!text.includes(old)) throw new Error(`${name} has no "${old}"`);
    text = text.replace(old, fresh);
  }
  const site = newFolder();
  const file = join(site, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return { site, file };
}

const fields = (out: string) => [...out.matchAll(/:\d+:\d+ {2}([^:]+): found/g)].map((m) => m[1]);

it("a trip budget and a cycle that are too short are told beside a wrong key and an unknown role", async () => {
  const { file } = changed("rigs/bearing-four.yaml", {
    "title: Four bearings": "titel: wrong\ntitle: Four bearings",
    "cycle: 1 s": "cycle: 50 ms",
    "tripBudget: 1 s": "tripBudget: 1 ms",
    "role: housing-temperature": "role: housing-temprature",
  });
  const { status, out } = await wearout("check", file);
  expect(status).toBe(3);
  expect(fields(out)).toEqual(["titel", "cycle", "tripBudget", "limits[1].role"]);
});

it("a trip budget is not judged by devices that are wrong themselves", async () => {
  const { file } = changed("rigs/bearing-four.yaml", {
    "tripBudget: 1 s": "tripBudget: 1 ms",
    "line: drive, unit: 1,": "line: drvie, unit: 1,",
  });
  const { out } = await wearout("check", file);
  expect(fields(out)).toEqual(["devices.spindle.line"]);
});

it("an example that is wrong is told beside a wrong point that it does not name", async () => {
  const { file } = changed("devices/omron/e5cc.yaml", {
    "  pv:\n    title: process value": "  pv:\n    titel: process value",
    "identifyWeak: ": "identifyWaek: ",
    "alarm-1-upper: 1000,": "alarm-1-upper: 1001,",
  });
  const { status, out } = await wearout("check", file);
  expect(status).toBe(3);
  expect(fields(out)).toContain("examples[0].request");
  expect(fields(out)).toEqual(
    expect.arrayContaining(["points.pv.titel", "identifyWaek", "examples[0].request"]),
  );
});

it("an example of a point that is wrong waits for it", async () => {
  const { file } = changed("devices/omron/e5cc.yaml", {
    "alarm-1-upper: 1000,": "alarm-1-upper: 1001,",
    "  alarm-1-upper:\n": "  alarm-1-upper:\n    colour: red\n",
  });
  const { out } = await wearout("check", file);
  expect(fields(out)).toEqual(["points.alarm-1-upper.colour"]);
});

const wrongProfile = () =>
  changed("profiles/bearing-constant-load.yaml", {
    "title: Bearing life": "titel: wrong\ntitle: Bearing life",
    "role: housing-temperature": "role: housing-temprature",
  });

it.each([
  ["profile plan", ["profile", "plan", "bearing-constant-load"]],
  [
    "run start",
    [
      "run",
      "start",
      "bearing-constant-load",
      "--rig",
      "bearing-four",
      "--specimen",
      "a",
      "--virtual",
    ],
  ],
])("%s tells what a profile means wrongly beside its form", async (_, words) => {
  const { site } = wrongProfile();
  const { status, talk } = await wearout("--site", site, ...words);
  expect(status).toBe(3);
  expect(talk).toContain("2 problems in files");
  expect(fields(talk)).toEqual(["titel", "limits[2].role"]);
});

it("run start tells the unknown kind of a rig beside its wrong key", async () => {
  const { site } = changed("rigs/bearing-four.yaml", {
    "title: Four bearings": "titel: wrong\ntitle: Four bearings",
    "for: [ball-bearing,": "for: [ball-baering,",
    "above: 130 degC": "above: 130 kN",
  });
  const words = ["run", "start", "bearing-constant-load", "--rig", "bearing-four"];
  const { status, talk } = await wearout("--site", site, ...words, "--specimen", "a", "--virtual");
  expect(status).toBe(3);
  expect(fields(talk)).toEqual(["titel", "for[0]", "limits[1].above"]);
});
