import { describe, expect, it } from "vitest";
import { wearout } from "./command.js";

describe("wearout life bearing", () => {
  const skf = ["--type", "radial-ball", "--c", "55.3kN", "--p", "10kN", "--speed", "3000rpm"];

  it("prints lives in turns and hours with each number's clause", async () => {
    const oil = ["--cu", "1.34kN", "--kappa", "2.45", "--e-c", "0.8", "--reliability", "0.95"];
    const { status, out } = await wearout("life", "bearing", ...skf, ...oil);
    expect(status).toBe(0);
    expect(out).toMatch(/^L10 +169\.112 +939\.513 +basic rating life$/m);
    expect(out).toMatch(/^L5m +597\.333 +3318\.52 +a1 aISO L10$/m);
    expect(out).toMatch(/^aISO +5\.5\d+ +ISO 281:2007, equation 33$/m);
  });

  it("takes ratings and pitch of a product, and says what it assumed", async () => {
    const oil = ["--viscosity", "32 mm2/s", "--cleanliness", "normal", "--json"];
    const { status, out } = await wearout(
      ...["life", "bearing", "--product", "roller-bearing/n-208"],
      ...["--p", "12kN", "--speed", "1500rpm", ...oil],
    );
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      type: "radial-roller",
      eCRange: [0.5, 0.6],
      inputs: { cN: 62_000, cuN: 6700, pitchMm: 60, product: "roller-bearing/n-208" },
      warnings: ["EC_LOWER_END", "PITCH_FROM_BOUNDARY"],
    });
  });

  it("warns of the pitch diameter it assumed for a cleanliness class with --kappa too, and only then", async () => {
    const bearing = [
      "life",
      "bearing",
      "--product",
      "roller-bearing/n-208",
      "--p",
      "12kN",
      "--json",
    ];
    const warnings = async (...more: string[]) =>
      (JSON.parse((await wearout(...bearing, ...more)).out) as { warnings: string[] }).warnings;
    const oil = ["--kappa", "2"];
    expect(await warnings(...oil, "--cleanliness", "grease-normal")).toEqual([
      "PITCH_FROM_BOUNDARY",
    ]);
    expect(await warnings(...oil, "--cleanliness", "grease-normal", "--dm", "60mm")).toEqual([]);
    expect(await warnings(...oil, "--e-c", "0.5")).toEqual([]);
  });

  it("estimates the fatigue load limit of a radial bearing from C0, and says so", async () => {
    const life = async (...more: string[]) =>
      JSON.parse(
        (
          await wearout(
            "life",
            "bearing",
            ...skf,
            "--kappa",
            "2",
            "--e-c",
            "0.5",
            ...more,
            "--json",
          )
        ).out,
      ) as {
        cuN: number;
        aISO: number;
        warnings: string[];
      };
    const estimated = await life("--c0", "31.5kN");
    expect(estimated.cuN).toBeCloseTo(31_500 / 22, 9);
    expect(estimated.warnings).toEqual(["CU_ESTIMATED"]);
    expect((await life("--c0", "31.5kN", "--cu", `${31_500 / 22}N`)).aISO).toBeCloseTo(
      estimated.aISO,
      9,
    );
    expect((await life("--c0", "31.5kN", "--dm", "400mm")).cuN).toBeCloseTo(31_500 / 44, 9);
    const rollers = await life("--type", "radial-roller", "--c0", "82kN");
    expect(rollers.cuN).toBeCloseTo(10_000, 9);
  });

  it("ends with 2 where an option is missing", async () => {
    const oil = ["--kappa", "2", "--e-c", "0.5"];
    const noCu = await wearout("life", "bearing", ...skf, ...oil);
    expect(noCu.status).toBe(2);
    expect(noCu.talk).toContain("aISO needs the fatigue load limit, --cu");
    const noDm = ["--cu", "1kN", "--kappa", "2", "--cleanliness", "normal"];
    expect((await wearout("life", "bearing", ...skf, ...noDm)).status).toBe(2);
  });

  it("combines radial and axial load by table 3", async () => {
    const load = ["--fr", "4kN", "--fa", "2kN", "--f0", "14", "--json"];
    const { out } = await wearout("life", "bearing", "--product", "ball-bearing/6208", ...load);
    const got = JSON.parse(out) as { inputs: { pN: number; x: number; y: number }; l10: object };
    expect(got.inputs.x).toBe(0.56);
    expect(got.inputs.pN).toBeCloseTo(0.56 * 4000 + got.inputs.y * 2000, 9);
    expect(got.l10).not.toHaveProperty("hours");
  });

  it("says which option is wrong and what would be right", async () => {
    const wrong = await wearout(
      "life",
      "bearing",
      "--type",
      "radial-ball",
      "--c",
      "55.3Nm",
      "--p",
      "1kN",
    );
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain('--c: found "55.3Nm" (a torque), expected a force');
    const low = await wearout("life", "bearing", ...skf, "--reliability", "0.5");
    expect(low.status).toBe(5);
    expect(low.talk).toContain("ISO281_RANGE");
  });
});
