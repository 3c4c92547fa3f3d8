import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { solveAlt } from "../../src/life/alt.js";
import type { LifeRow } from "../../src/life/data.js";
import { lawOf } from "../../src/life/stress.js";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();
const picture = join(folder, "picture.svg");
const drawn = () => readFileSync(picture, "utf8");

function csv(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Pixels of the solid lines of one colour. */
function lines(svg: string, colour: string): [number, number][][] {
  const pattern = new RegExp(
    `<polyline points="([^"]+)" fill="none" stroke="${colour}" stroke-width="2"`,
    "g",
  );
  return [...svg.matchAll(pattern)].map((m) =>
    m[1]!.split(" ").map((p) => p.split(",").map(Number) as [number, number]),
  );
}

function bend(line: readonly [number, number][]): number {
  const [[x0, y0], [x1, y1]] = [line[0]!, line.at(-1)!];
  return Math.max(...line.map(([x, y]) => Math.abs(y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) - y)));
}

const hot = csv(
  "hot.csv",
  `time_h,status,temp_degC
900,F,80
1100,F,80
1500,F,80
300,F,110
380,F,110
520,F,110
100,F,140
160,F,140
200,S,140
`,
);
const at = ["--relation", "arrhenius", "--stress", "temp_degC", "--use", "50"];

describe("wearout life alt --svg", () => {
  it("draws the relation as a straight line, every life, and the life at use", async () => {
    const { status, talk } = await wearout("life", "alt", hot, ...at, "--svg", picture);
    expect(talk).toContain(`life against stress of ${hot}`);
    expect(status).toBe(0);
    const [stress = "", residuals = ""] = drawn().split("</g>\n</svg>")[0]!.split(">Residuals<");
    const [b10, b50] = [lines(stress, "#0550ae")[0]!, lines(stress, "#b35900")[0]!];
    expect(bend(b10)).toBeLessThan(0.2);
    expect(bend(b50)).toBeLessThan(0.2);
    expect(stress.match(/<circle [^>]*r="3"/g)).toHaveLength(8);
    expect(stress.match(/<polygon [^>]*fill="#1f2328"/g), "an arrow").toHaveLength(1);
    const json = JSON.parse((await wearout("life", "alt", hot, ...at, "--json")).out) as {
      atUse: { B10: { estimate: number } };
    };
    const said = Number(/B10 at use, 50 °C: ([\d.]+) h/.exec(stress)?.[1]);
    expect(said / json.atUse.B10.estimate).toBeCloseTo(1, 3);
    expect(stress).toContain(">temp, °C<");
    expect(residuals.match(/<circle /g)).toHaveLength(8);
  });

  it("takes residuals in units of the fitted model: the same at every level where the relation holds", () => {
    const law = lawOf("power", ["load_kN"]);
    const of = (load: number, p: number): LifeRow => ({
      kind: "exact",
      time: 1e6 * load ** -3 * (-Math.log(1 - p)) ** 0.5,
      count: 1,
      stress: { load_kN: load },
    });
    const shares = [0.1, 0.3, 0.5, 0.7, 0.9];
    const rows = [4, 8].flatMap((load) => shares.map((p) => of(load, p)));
    const plain = { distribution: "weibull", bounds: "fisher", confidence: 0.9 } as const;
    const { residuals, fit } = solveAlt(rows, { law, use: { load_kN: 2 }, ...plain });
    const shape = fit.parameters["shape"]!.estimate;
    const scale = Math.exp(fit.parameters["lnConstant"]!.estimate) * 4 ** -3;
    shares.forEach((_, i) => {
      expect(residuals[i]!.time / residuals[i + 5]!.time).toBeCloseTo(1, 8);
      expect(residuals[i]!.time / (rows[i]!.time / scale) ** shape).toBeCloseTo(1, 8);
    });
  });

  it("of two stresses draws the residuals only", async () => {
    const rows = drawnTwo();
    const file = csv("two.csv", rows);
    const two = ["--relation", "power-arrhenius", "--stress", "temp_degC,load_kN", "--use", "50,2"];
    const { status } = await wearout(
      "life",
      "alt",
      file,
      ...two,
      "--svg",
      picture,
      "--language",
      "zh",
    );
    expect(status).toBe(0);
    expect(drawn()).toContain(">残差图<");
    expect(drawn()).not.toContain("寿命—应力图");
  });
});

function drawnTwo(): string {
  const levels = [
    [80, 4],
    [110, 4],
    [80, 8],
    [110, 8],
  ];
  const lives = levels.flatMap(([t, l], i) =>
    [300, 420, 610].map((h) => `${h / (i + 1)},F,${t},${l}`),
  );
  return `time,status,temp_degC,load_kN\n${lives.join("\n")}\n`;
}

describe("wearout life growth --svg", () => {
  const times = csv("growth.csv", "time_h\n10\n30\n70\n150\n290\n");

  it("draws failures so far and the Duane plot, the power law straight in both", async () => {
    await wearout("life", "growth", times, "--end", "400", "--svg", picture);
    const [failures = "", duane = ""] = drawn().split(">Duane plot<");
    for (const part of [failures, duane]) {
      expect(bend(lines(part, "#0550ae")[0]!)).toBeLessThan(0.2);
      expect(part.match(/<circle [^>]*r="3.5"/g)).toHaveLength(5);
    }
    expect(bend(lines(duane, "#b35900")[0]!)).toBeLessThan(0.2);
    expect(duane).toContain(">cumulative MTBF, h<");
  });

  it("draws intervals at their ends and says SIMULATED where it is", async () => {
    const file = csv(
      "groups.csv",
      "time,count,simulated\n20,13,1\n40,16,1\n60,5,1\n80,8,1\n100,7,1\n",
    );
    const { status } = await wearout(
      "life",
      "growth",
      file,
      "--grouped",
      "--svg",
      picture,
      "--language",
      "zh",
    );
    expect(status).toBe(0);
    expect(drawn()).toContain("仿真数据");
    expect(
      drawn()
        .split("杜安图")[0]!
        .match(/<circle [^>]*r="3.5"/g),
    ).toHaveLength(5);
  });
});
