import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileProfile, type RigFacts } from "../../src/profile/compile.js";
import { damageRate } from "../../src/profile/life.js";
import { listProfiles, loadProfile } from "../../src/profile/load.js";
import { loadProduct } from "../../src/profile/load-product.js";
import { planProgram, planTotal } from "../../src/profile/timeline.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const products = [join(root, "products")];
const shipped = listProfiles([join(root, "profiles")]);

function load(file: string) {
  const parsed = loadProfile(file);
  const profile = parsed.value;
  const product = loadProduct(profile?.product ?? "", products).value;
  if (profile === undefined || product === undefined) throw new Error("a shipped file is invalid");
  return { parsed, profile, product };
}

const bearingRig: RigFacts = {
  name: "bearing-four",
  kinds: ["ball-bearing", "roller-bearing"],
  setpoints: [
    { role: "speed", dimension: "speed", ceiling: 6000, floor: 0, rampPerS: 200 },
    { role: "load", dimension: "force", ceiling: 12_000, floor: 0, rampPerS: 500 },
  ],
  readable: [
    { role: "speed", dimension: "speed", perStation: false },
    { role: "load", dimension: "force", perStation: false },
    { role: "power", dimension: "power", perStation: false },
    { role: "housing-temperature", dimension: "temperature", perStation: true },
    { role: "vibration", dimension: "velocity", perStation: true },
  ],
};

const harmonicRig: RigFacts = {
  name: "harmonic-one",
  kinds: ["harmonic-reducer"],
  setpoints: [
    { role: "input-speed", dimension: "speed", ceiling: 3500, floor: 0, rampPerS: 500 },
    { role: "output-torque", dimension: "torque", ceiling: 120, floor: 0, rampPerS: 20 },
  ],
  readable: [
    { role: "input-speed", dimension: "speed", perStation: false },
    { role: "output-torque", dimension: "torque", perStation: false },
    { role: "efficiency", dimension: "ratio", perStation: false },
    { role: "housing-temperature", dimension: "temperature", perStation: true },
    { role: "vibration", dimension: "velocity", perStation: true },
  ],
};

describe("shipped profiles", () => {
  it("are the five of the first issue", () => {
    const names = shipped.map((p) => p.name);
    expect(names).toEqual(
      expect.arrayContaining([
        "bearing-constant-load",
        "bearing-step-load",
        "bearing-warmup-until",
        "harmonic-constant-torque",
        "harmonic-spectrum",
      ]),
    );
  });

  it.each(shipped)(
    "$name compiles for its example product, without a rig and on one",
    ({ file }) => {
      const { parsed, profile, product } = load(file);
      expect(parsed.problems).toEqual([]);
      expect(readFileSync(file, "utf8").split("\n")[0]).toBe(
        "# yaml-language-server: $schema=../schema/profile.json",
      );
      const rig = product.kind === "harmonic-reducer" ? harmonicRig : bearingRig;
      const context = { parsed, products: [product] };
      expect(compileProfile(profile, context).problems).toEqual([]);
      const { program, problems } = compileProfile(profile, { ...context, rig });
      expect(problems).toEqual([]);
      expect(program?.setpointRoles).toEqual(rig.setpoints.map((s) => s.role));
      const inForce = program?.segments.every((s) =>
        s.limits.some((i) => program.limits[i]?.reaction === "fail"),
      );
      expect(inForce).toBe(true);
    },
  );

  it("plan the constant-load test: 7105 N on a 6206 spends an L10 life in 129.6 h at 3000 rpm", () => {
    const file = shipped.find((p) => p.name === "bearing-constant-load")?.file ?? "";
    const { parsed, profile, product } = load(file);
    const rig = bearingRig;
    const { program } = compileProfile(profile, { parsed, products: [product], rig });
    if (program === undefined) throw new Error("compiles above");
    const rate = damageRate(product);
    const facts = { speedRole: "speed", loadRole: "load", damageRate: rate };
    const rows = planProgram(program, facts);
    expect(rows.map((r) => r.name)).toEqual([
      "spin up without load",
      "load for run-in",
      "run in",
      "load up",
      "life test",
    ]);
    expect(rows.at(-1)?.setpoints[0]).toBe(3000);
    expect(rows.at(-1)?.setpoints[1]).toBeCloseTo(7105, 9);
    // L10 = (1 / 0.35)^3 = 23.32 Mrev = 129.6 h at 3000 rpm; 2000 h are 15.44 of it.
    expect(planTotal(rows).damage).toBeCloseTo(15.44, 1);
    expect(planTotal(rows).lengthMs).toBe((60 + 60 + 1800 + 600 + 2000 * 3600) * 1000);
  });
});
