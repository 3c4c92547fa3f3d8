import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

// The example of GB/T 24607 annex A: 8 bearings, rated L10h 100 h.
const file = join(newFolder(), "eight.csv");
const times = [80, 110, 155, 170, 220, 240, 300, 380];
writeFileSync(file, `time_h,status\n${times.map((t) => `${t},F\n`).join("")}`);

describe("wearout life fit --method blie", () => {
  it("gives exact bounds and the ratio to the rated L10", async () => {
    const { status, out } = await wearout(
      "life",
      "fit",
      file,
      "--method",
      "blie",
      "--rated-l10",
      "100h",
    );
    expect(status).toBe(0);
    expect(out).toContain("by best linear invariant estimation");
    expect(out).toContain("bounds: exact");
    expect(out).toMatch(/^tested over rated L10: 0\.\d+ \(/m);
    expect(out).toContain("at least 1: not reached");
  });

  it("adds the ratio to the JSON of any method", async () => {
    const words = ["--rated-l10", "50h", "--quality", "1.2", "--json"];
    const { out } = await wearout("life", "fit", file, ...words);
    const { ratedRatio } = JSON.parse(out) as { ratedRatio: object };
    expect(Object.keys(ratedRatio)).toEqual([
      "ratedL10",
      "coefficient",
      "ratio",
      "reached",
      "shown",
    ]);
    expect(ratedRatio).toMatchObject({ ratedL10: 50, coefficient: 1.2 });
  });
});
