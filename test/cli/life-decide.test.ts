import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const file = join(newFolder(), "now.csv");
writeFileSync(file, "time_h,status,count\n4000,S,7\n3100,F,1\n");
const required = ["--reliability", "0.9", "--life", "2000h"];
const decide = (...more: string[]) => wearout("life", "decide", file, ...required, ...more);

describe("wearout life decide", () => {
  it("says what is shown, what is needed, what the next event does and whether the plan passes", async () => {
    const { status, out, talk } = await decide(
      "--shape",
      "1.5",
      "--time",
      "250d",
      "--failures",
      "2",
    );
    expect(status).toBe(0);
    expect(out).toContain("8 units: 1 failed, 7 running");
    expect(out).toContain("plan: 6000 h each, pass with at most 2 failures");
    expect(out).toMatch(/^now +2459\.9 h +1404\.6 h +66\.7 % +1846\.8 h +62\.8 %$/m);
    expect(out).toMatch(/^all survive 200 h more /m);
    expect(out).toMatch(/^the longest running fails now .* 22\.1 %$/m);
    expect(talk).toContain("warning SHAPE_ASSUMED");
  });

  it("prints one stable JSON object, with the prior it assumed", async () => {
    const { out } = await decide("--more", "10d", "--json");
    const got = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(got)).toEqual([
      "requirement",
      "n",
      "failures",
      "running",
      "entries",
      "shape",
      "more",
      "now",
      "next",
      "warnings",
      "prior",
      "unit",
    ]);
    expect(Object.keys(got["now"] as object)).toEqual([
      "estimate",
      "lower",
      "chance",
      "timeNeeded",
    ]);
    expect(Object.keys(got["next"] as object)).toEqual([
      "survive",
      "failure",
      "failureLater",
      "takenOff",
    ]);
    expect(got).toMatchObject({
      more: 240,
      prior: { shape: { lower: 0.75, upper: 3 } },
      warnings: ["SHAPE_FROM_PRIOR"],
    });
  });

  it("counts units that have not begun", async () => {
    const { out } = await decide("--shape", "1.5", "--units", "12");
    expect(out).toContain("12 units: 1 failed, 11 running");
  });

  it.each([
    [["--time", "6000h", "--plan-exposure", "3"], /--time or --plan-exposure, not both/],
    [["--units", "7"], /--units: found "7", but DATA has 8 units/],
    [["--shape", "2..1"], /--shape: found "2..1", expected LOW..HIGH/],
    [["--prior-life", "3000h"], /--prior-failures and --prior-life belong together/],
    [["--time", "3cycles"], /--time: found "3cycles", but the data is in h/],
  ])("refuses %j", async (more, message) => {
    const said = await decide(...more);
    expect(said).toMatchObject({ status: 2, out: "" });
    expect(said.talk).toMatch(message);
  });

  it("shows examples", async () => {
    const { out } = await wearout("life", "decide", "--help");
    expect(out).toMatch(/Examples:\n {2}wearout life decide/);
  });
});
