import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();

function csv(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

const times = ["5", "40", "43", "175", "389", "712", "747", "795", "1299", "1478"];
const plain = csv("plain.csv", "time_h", ...times);

describe("wearout life growth", () => {
  it("prints one stable JSON object", async () => {
    const { status, out } = await wearout("life", "growth", plain, "--end", "1500h", "--json");
    expect(status).toBe(0);
    const got = JSON.parse(out) as Record<string, object>;
    expect(got).toMatchObject({ model: "crow-amsaa", n: 10, end: 1500, warnings: [] });
    expect(Object.keys(got["parameters"]!).slice(0, 3)).toEqual(["beta", "lambda", "betaUnbiased"]);
    expect(Object.keys((got["mtbf"] as { instantaneous: object }).instantaneous)).toEqual([
      "estimate",
      "lower",
      "upper",
    ]);
    expect(got["mtbf"]).toHaveProperty("cumulative", 150);
    expect(Object.keys(got["goodnessOfFit"]!).slice(0, 2)).toEqual(["cramerVonMises", "critical"]);
    expect(got["trend"]).toHaveProperty("laplace");
    expect(got["trend"]).toHaveProperty("milHdbk189");
  });

  it("says how beta was made unbiased, and what was taken as the end", async () => {
    const { out, talk } = await wearout("life", "growth", plain);
    expect(out).toContain("10 failures in 1478 h, stopped at a failure, 1478 h");
    expect(out).toMatch(/^beta, unbiased .*\(n - 2\)\/n beta$/m);
    expect(out).toMatch(/^Laplace .*failures get rarer$/m);
    expect(talk).toContain("warning END_ASSUMED");
    const ended = await wearout("life", "growth", plain, "--end", "1500");
    expect(ended.out).toMatch(/^beta, unbiased +0\.483506 .*\(n - 1\)\/n beta$/m);
    expect(ended.talk).toBe("");
  });

  it("takes a row with status S as the end of the test", async () => {
    const file = csv("s.csv", "time,status", ...times.map((t) => `${t},F`), "1500,S");
    const { out } = await wearout("life", "growth", file, "--json");
    expect(JSON.parse(out)).toMatchObject({ end: 1500, termination: "time", warnings: [] });
    const both = await wearout("life", "growth", file, "--end", "1500", "--json");
    expect(JSON.parse(both.out)).toEqual(JSON.parse(out));
  });

  it("reads systems with their own start and end, and prints the mean cumulative function", async () => {
    const file = csv(
      "fleet.csv",
      ...["system,time,start,end", "a,5,0,12", "a,8,0,12", "c,1,0,20", "c,8,0,20", "c,16,0,20"],
    );
    const { status, out, talk } = await wearout("life", "growth", file, "--systems");
    expect(status).toBe(0);
    expect(out).toContain("5 failures of 2 systems in 32, stopped at a time, 20");
    expect(out).toMatch(/^16 +3 +\S+ +\S+ +1$/m);
    expect(talk).toContain("warning GROWTH_FISHER");
  });

  it("reads counts of intervals, none among them too", async () => {
    const file = csv("groups.csv", "time,count", "20,13", "40,16", "60,0", "80,8", "100,7");
    const { status, out } = await wearout("life", "growth", file, "--grouped");
    expect(status).toBe(0);
    expect(out).toMatch(/^60 +0 +\d/m);
    expect(out).toContain("fit: chi-square");
  });

  const wrong: [name: string, lines: string[], options: string[], status: number, said: string][] =
    [
      ["a time after the end", ["time", "5", "70"], ["--end", "60"], 3, ":3:1  time: found 70"],
      ["an interval status", ["time,status", "5,F", "9,L"], [], 3, ":3:3  status: found L"],
      ["a count that is no whole number", ["time,count", "5,1.5"], [], 3, ":2:3  count: found 1.5"],
      [
        "intervals out of order",
        ["time,count", "5,1", "4,1"],
        ["--grouped"],
        3,
        ":3:1  time: found 4",
      ],
      ["a row without system", ["time,system", "5,a", "4,"], ["--systems"], 3, ":3:3  system"],
      [
        "two starts",
        ["time,system,start", "5,a,0", "6,a,1"],
        ["--systems"],
        3,
        ":3:5  start: found 1",
      ],
      ["two ends", ["time,status", "5,F", "8,S", "9,S"], [], 3, "S a second time"],
      ["systems without --systems", ["time,system", "5,a", "4,b"], [], 2, "--systems is missing"],
      [
        "an end beside --grouped",
        ["time,count", "5,1"],
        ["--grouped", "--end", "9"],
        2,
        "--grouped",
      ],
      [
        "an end by option beside one by status S",
        ["time,status", "5,F", "8,F", "9,S"],
        ["--end", "12"],
        3,
        ":4:1  time: found 9, expected 12, as --end says",
      ],
      [
        "an end by column beside one by status S",
        ["time,status,end", "5,F,12", "8,F,12", "9,S,12"],
        [],
        3,
        ":4:1  time: found 9, expected 12, as the column end says",
      ],
      [
        "an end by option beside one by column",
        ["time,end", "5,12", "8,12"],
        ["--end", "20"],
        3,
        ":2:3  end: found 12, expected 20, as --end says",
      ],
      [
        "times between failures",
        ["time_h", "100", "50", "200", "20"],
        [],
        3,
        ":3:1  time: found 50 after 100, expected cumulative times",
      ],
      ["no titles", ["100", "150"], [], 3, ":1:1  found numbers in the first line"],
      ["one failure", ["time", "5"], ["--end", "9"], 5, "GROWTH_TOO_FEW"],
    ];
  for (const [name, lines, options, status, said] of wrong) {
    it(`${name} ends with ${status} and says where`, async () => {
      const got = await wearout("life", "growth", csv("wrong.csv", ...lines), ...options);
      expect(got.talk).toContain(said);
      expect(got).toMatchObject({ status, out: "" });
    });
  }
});
