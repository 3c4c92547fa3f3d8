import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const rated = ["--rated-torque", "294Nm", "--rated-speed", "2000rpm", "--life", "35000h"];
const harmonic = ["life", "reducer", "--kind", "harmonic", ...rated];
const spectrum = join(newFolder(), "joint.csv");
writeFileSync(
  spectrum,
  "name,torque,speed,share\nstart,400,7,0.3\nrun,320,14,3\nstop,200,7,0.4\nrest,0,0,0.2\n",
);

describe("wearout life reducer", () => {
  it("computes a constant load by the maker's rule", async () => {
    const load = ["--torque", "319Nm", "--speed", "1440rpm"];
    const { status, out, talk } = await wearout(...harmonic, ...load);
    expect(status).toBe(0);
    expect(out).toContain("L50 = Ln (Nr/Nav) (Tr/Tav)^3, L10 = L50/5");
    expect(out).toMatch(/^L10 +761\d\./m);
    expect(talk).toContain("warning L10_IS_A_FIFTH");
    const { out: text } = await wearout(...harmonic, ...load, "--json");
    expect(JSON.parse(text)).toMatchObject({ kind: "harmonic", exponent: 3, shaft: "input" });
  });

  it("takes a spectrum at the other shaft and shows who does the damage", async () => {
    const shaft = ["--speed-at", "output", "--ratio", "120"];
    const { out } = await wearout(...harmonic, "--spectrum", spectrum, ...shaft);
    expect(out).toMatch(/^average +319\.739 +1443\.08$/m);
    expect(out).toMatch(/^run +320 +1680 +76\.92 % +89\.77 %$/m);
    expect(out).toMatch(/^rest .* 0 %$/m);
  });

  it("takes ratings, ratio and limits of a product", async () => {
    const product = ["life", "reducer", "--product", "rv-reducer/rv-20e-81"];
    const load = ["--torque", "500Nm", "--speed", "1215rpm", "--speed-at", "input", "--json"];
    const { status, out } = await wearout(...product, ...load);
    expect(status).toBe(0);
    const got = JSON.parse(out) as { life: { L10: { hours: number } } };
    expect(got).toMatchObject({
      kind: "rv",
      rated: { torqueNm: 167, lifeHours: 6000, lifeIs: "L10" },
      average: { speedRpm: 15 },
      warnings: ["ABOVE_PEAK_TORQUE"],
    });
    expect(got.life.L10.hours).toBeCloseTo(6000 * (167 / 500) ** (10 / 3), 6);
  });

  const wrong: [name: string, args: string[], status: number, said: string][] = [
    ["no kind", ["--torque", "1Nm", "--speed", "1rpm"], 2, "--kind: found nothing"],
    ["another product", ["--product", "ball-bearing/6208"], 2, "no harmonic or RV reducer"],
    ["no rated life", ["--kind", "harmonic", ...rated.slice(0, 4)], 2, "--life: found nothing"],
    [
      "no load",
      ["--kind", "harmonic", ...rated],
      2,
      "expected --torque and --speed, or --spectrum",
    ],
    ["a speed as torque", ["--kind", "rv", "--rated-torque", "3rpm"], 2, '"3rpm" (a speed)'],
    [
      "the other shaft without ratio",
      [
        "--kind",
        "harmonic",
        ...rated,
        "--torque",
        "1Nm",
        "--speed",
        "1rpm",
        "--speed-at",
        "output",
      ],
      2,
      "--ratio",
    ],
    [
      "a spectrum that is not there",
      ["--kind", "rv", ...rated, "--spectrum", "none.csv"],
      3,
      "none",
    ],
  ];
  for (const [name, args, status, said] of wrong) {
    it(`${name} ends with ${status} and says what is possible`, async () => {
      const got = await wearout("life", "reducer", ...args);
      expect(got.talk).toContain(said);
      expect(got).toMatchObject({ status, out: "" });
    });
  }
});
