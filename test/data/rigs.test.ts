import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../src/base/error.js";
import { derivations } from "../../src/rig/derive.js";
import { listRigs, loadRig, readRig } from "../../src/rig/load.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = { rigs: [join(root, "rigs")], devices: [join(root, "devices")] };
const rigs = listRigs(folders.rigs);

describe("shipped rigs", () => {
  it("there are some", () => {
    expect(rigs.map((r) => r.name).sort()).toEqual(["bearing-four", "harmonic-one"]);
  });

  for (const { name, file } of rigs) {
    const { parsed, problems } = readRig(file, folders.devices);

    it(`${name} has no problems`, () => {
      expect(problems.map(formatProblem)).toEqual([]);
    });

    it(`${name} names its schema for editors and is simulated`, () => {
      expect(parsed.text.split("\n")[0]).toBe("# yaml-language-server: $schema=../schema/rig.json");
      expect(parsed.value?.simulation).toBeDefined();
    });

    it(`every actuator of ${name} is covered by a trip or its own watch, and has a trip budget`, () => {
      const { rig, limits, columns } = loadRig(name, folders);
      expect(rig.tripBudget).toBeDefined();
      for (const role of Object.keys(rig.actuators)) {
        const column = columns.findIndex((c) => c.name === role);
        const trips = limits.filter((l) => l.column === column && l.reaction === "trip");
        expect(trips.length + (columns[column]?.says.read === undefined ? 0 : 1)).toBeGreaterThan(
          0,
        );
      }
    });
  }
});

describe("docs/rigs.md", () => {
  const text = readFileSync(join(root, "docs/rigs.md"), "utf8");

  it("has a row for every derivation of the catalogue", () => {
    for (const name of Object.keys(derivations)) expect(text).toContain(`| \`${name}\` |`);
  });
});
