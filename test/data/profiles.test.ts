import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseQuantity } from "../../src/base/quantity.js";
import { parseText } from "../../src/base/schema.js";
import { placeOf, setpointAt } from "../../src/base/setpoint.js";
import { rigFacts } from "../../src/lab/facts.js";
import { requiredRatings } from "../../src/profile/check-product.js";
import { compileProfile, type RigFacts } from "../../src/profile/compile.js";
import { damageRate } from "../../src/profile/life.js";
import { listProfiles, loadProfile } from "../../src/profile/load.js";
import { loadProduct } from "../../src/profile/load-product.js";
import { Profile } from "../../src/profile/profile.js";
import { planProgram, planTotal } from "../../src/profile/timeline.js";
import { type LoadedRig, loadRig } from "../../src/rig/load.js";

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

const folders = { rigs: [join(root, "rigs")], devices: [join(root, "devices")] };
const rigOf = (name: string): RigFacts => {
  const loaded = loadRig(name, folders);
  return { ...rigFacts(loaded), limitNames: loaded.rig.limits.map((limit) => limit.name) };
};
const bearingRig = rigOf("bearing-four");
const harmonicRig = rigOf("harmonic-one");

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

  it("plan the constant-load test: 8120 N on a 6206 spends an L10 life in 86.8 h at 3000 rpm", () => {
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
    const held = (role: string) =>
      setpointAt(rows.at(-1)!.setpoints, placeOf(program.setpointRoles, role));
    expect([held("speed"), held("load")]).toEqual([3000, 8120]);
    // L10 = (1 / 0.4)^3 = 15.625 Mrev = 86.81 h at 3000 rpm; 2000 h are 23.04 of it.
    expect(planTotal(rows).damage).toBeCloseTo(23.04, 1);
    expect(planTotal(rows).lengthMs).toBe((60 + 60 + 1800 + 600 + 2000 * 3600) * 1000);
  });
});

describe("hysteresis in shipped profiles", () => {
  /** The smallest change a column's readings can show; undefined where another register scales it. */
  function stepOf({ devices, columns }: LoadedRig, role: string): number[] {
    return columns.flatMap((column) => {
      const [device = "", name = ""] = column.says.read?.split(".") ?? [];
      const point = devices.get(device)?.type.points[name];
      if (column.role !== role || point === undefined) return [];
      const { as, scale = 1, scaleFrom, unit } = point;
      if (!/^[us]16$/.test(as) || scaleFrom !== undefined || typeof scale !== "number") return [];
      return [parseQuantity(`${scale} ${unit}`)?.value ?? Number.NaN];
    });
  }

  const rigs = ["bearing-four", "harmonic-one"].map((name) => loadRig(name, folders));
  const cases = shipped.flatMap(({ name, file }) =>
    (load(file).profile.limits ?? []).map((limit) => ({ name, limit })),
  );
  const steps = (role: string) => rigs.flatMap((rig) => stepOf(rig, role));

  it("looks at real sensors", () => {
    expect(steps("vibration")).toContain(parseQuantity("1 mm/s")?.value);
  });

  it.each(cases.filter(({ limit }) => limit.hysteresis !== undefined))(
    "$name, $limit.name: is no smaller than a step of the sensor, else the alarm chatters",
    ({ limit }) => {
      const band = parseQuantity(String(limit.hysteresis))?.value ?? Number.NaN;
      for (const step of steps(limit.role)) expect(band).toBeGreaterThanOrEqual(step);
    },
  );
});

describe("the pages on profiles and limits", () => {
  const page = (name: string) => readFileSync(join(root, "docs", name), "utf8");
  const blocks = (text: string) => [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1]);
  const product = () => loadProduct("ball-bearing/6206", products).value;

  function problemsOf(text: string) {
    const parsed = parseText(Profile, text, "docs");
    const specimen = product();
    if (parsed.value === undefined || specimen === undefined) return parsed.problems;
    return compileProfile(parsed.value, { parsed, products: [specimen], rig: bearingRig }).problems;
  }

  it("show a whole profile that runs on a rig", () => {
    const [example = ""] = blocks(page("profiles.md"));
    expect(example).toContain("profile: my-test");
    expect(problemsOf(example)).toEqual([]);
  });

  it("show a limit that a profile may have", () => {
    const [example = ""] = blocks(page("limits.md"));
    const [whole = ""] = blocks(page("profiles.md"));
    const indented = example.replaceAll(/^/gm, "  ").trimEnd();
    const limits = whole.replace(/^limits:.*$/m, `limits:\n${indented}`);
    expect(problemsOf(limits)).toEqual([]);
  });

  it("name the required ratings of every kind", () => {
    const text = page("profiles.md");
    for (const [kind, ratings] of Object.entries(requiredRatings)) {
      const row = text.split("\n").find((line) => line.startsWith(`| \`${kind}\``)) ?? "";
      if (!row.includes("the same")) {
        for (const rating of Object.keys(ratings)) expect(row).toContain(`\`${rating}\``);
      }
    }
  });
});
