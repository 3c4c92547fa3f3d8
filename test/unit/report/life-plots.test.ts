import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contourOf } from "../../../src/life/contour.js";
import type { LifeRow } from "../../../src/life/data.js";
import type { FitOptions } from "../../../src/life/fit.js";
import { plotSeries } from "../../../src/life/plot.js";
import { residualRows } from "../../../src/life/residual.js";
import { contourPlot } from "../../../src/report/contour-plot.js";
import { probabilityPlot } from "../../../src/report/probability-plot.js";
import { linearScale, logScale, paperEnds, shortNumber } from "../../../src/report/scale.js";
import { pictureOf } from "../../../src/report/svg.js";
import type { Language } from "../../../src/report/words.js";

const options: FitOptions = {
  distribution: "weibull",
  method: "mle",
  ranks: "bernard",
  bounds: "likelihood",
  confidence: 0.9,
  unbiased: "none",
  at: [],
};
const exact = (time: number): LifeRow => ({ kind: "exact", time, count: 1, stress: {} });
const rows: LifeRow[] = [
  ...[18, 29, 33, 42, 46].map(exact),
  { kind: "interval", time: 50, timeHigh: 60, count: 1, stress: {} },
  { kind: "right", time: 40, count: 1, stress: {} },
  { kind: "right", time: 70, count: 1, stress: {} },
];
const noThreads = () => Promise.reject(new Error("no pivots are simulated here"));

async function drawn(names: readonly string[], language: Language = "en", given = options) {
  const series = await Promise.all(names.map((n) => plotSeries(n, rows, given, noThreads)));
  const picture = { title: "T", subtitle: "", unit: "h", series, language, id: "p" };
  return pictureOf("T", [probabilityPlot(picture)]);
}

const points = (svg: string, pattern: RegExp) =>
  [...(pattern.exec(svg)?.[1] ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(
    (m): [number, number] => [Number(m[1]), Number(m[2])],
  );

describe("a Weibull probability plot", () => {
  it("has a mark for every failure and a tick for every suspension", async () => {
    const svg = await drawn([""]);
    const field = svg.slice(svg.indexOf("<clipPath"), svg.indexOf("</g>"));
    expect(field.match(/<circle /g)).toHaveLength(6);
    expect(field.match(/stroke-width="1.4"/g)).toHaveLength(2);
    expect(field.match(/stroke-width="1.2"/g), "the interval as a bar").toHaveLength(1);
  });

  it("shows the fitted distribution as a straight line, between its bounds", async () => {
    const svg = await drawn([""]);
    const line = points(
      svg,
      /<polyline points="([^"]+)" fill="none" stroke="#0550ae" stroke-width="2"/,
    );
    expect(line.length).toBe(41);
    const inField = line.filter(([x]) => x > 0 && x < 900);
    const [[x0, y0], [x1, y1]] = [inField[0]!, inField.at(-1)!];
    for (const [x, y] of inField)
      expect(y0 + ((x - x0) / (x1 - x0)) * (y1 - y0)).toBeCloseTo(y, -0.3);
    const bounds = points(
      svg,
      /<polyline points="([^"]+)" fill="none" stroke="#0550ae" stroke-width="1"/,
    );
    expect(bounds[20]![0]).toBeLessThan(line[20]![0]);
    expect(bounds[20]![1]).toBe(line[20]![1]);
  });

  it("puts a failure at its median rank", async () => {
    const svg = await drawn([""]);
    // The first of eight by Bernard: 0.7 / 8.4; between the labels of 5 % and 10 %.
    const first = Number(/<circle cx="[\d.]+" cy="([\d.]+)"/.exec(svg)?.[1]);
    const label = (says: string) =>
      Number(new RegExp(`y="([\\d.]+)"[^>]*>${says}<`).exec(svg)?.[1]) - 4.5;
    const z = (p: number) => Math.log(-Math.log(1 - p));
    const [low, high] = [label("5 %"), label("10 %")];
    const share = (z(0.7 / 8.4) - z(0.05)) / (z(0.1) - z(0.05));
    expect(first).toBeCloseTo(low + share * (high - low), 0);
  });

  it("tells several series apart without colour, and names each with its estimates", async () => {
    const svg = await drawn(["lot B6", "lot B7"]);
    expect(svg).toContain("lot B6: 6 failures, 2 suspensions");
    expect(svg).toMatch(/stroke="#b35900" stroke-width="2" stroke-dasharray="7 3"/);
    expect(svg).toMatch(/shape [\d.]+ \[[\d.]+, [\d.]+\] .* scale [\d.]+ h \[/);
    expect(svg).toContain("likelihood-ratio bounds 90 %");
  });

  it("speaks Chinese, with the unit", async () => {
    const svg = await drawn([""], "zh");
    expect(svg).toContain(">时间, h<");
    expect(svg).toContain("似然比置信限 90 %");
  });

  it("lets nothing out of a name become markup", async () => {
    const svg = await drawn(['<script>&"']);
    expect(svg).toContain("&lt;script&gt;&amp;&quot;");
    expect(svg).not.toContain("<script");
  });

  it("has no number that is none, also where a bound is open", async () => {
    const few = await plotSeries("", [exact(5), exact(50), ...rows.slice(6)], options, noThreads);
    const figure = probabilityPlot({
      title: "",
      subtitle: "",
      unit: undefined,
      series: [few],
      language: "en",
      id: "q",
    });
    expect(figure.body).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("a contour plot", () => {
  it("closes around the estimate", async () => {
    const { model } = await plotSeries("", rows, options, noThreads);
    const contour = contourOf(model, 0.9);
    const sets = [{ name: "A", contour }];
    const { body } = contourPlot({
      title: "",
      sets,
      confidence: 0.9,
      unit: "h",
      language: "en",
      id: "c",
    });
    const outline = points(body, /<polygon points="([^"]+)" fill="#0550ae"/);
    expect(outline).toHaveLength(120);
    const [, cx, cy] = /<circle cx="([\d.]+)" cy="([\d.]+)"/.exec(body)!.map(Number);
    const xs = outline.map((p) => p[0]);
    const ys = outline.map((p) => p[1]);
    expect(Math.min(...xs)).toBeLessThan(cx!);
    expect(Math.max(...xs)).toBeGreaterThan(cx!);
    expect(Math.min(...ys)).toBeLessThan(cy!);
    expect(Math.max(...ys)).toBeGreaterThan(cy!);
    expect(body).toContain(">scale, h<");
  });
});

describe("standardised residuals", () => {
  it("are the lives in units of their own model, censored as these are", () => {
    const at = () => ({ mu: Math.log(10), sigma: 0.5, location: 0 });
    const [first, ...others] = residualRows([exact(20), ...rows.slice(5)], at);
    expect(first!.time).toBeCloseTo(4, 12);
    expect(others.map((r) => r.kind)).toEqual(["interval", "right", "right"]);
    expect(residualRows([exact(20)], () => ({ mu: 0, sigma: 1, location: 25 }))).toEqual([]);
  });
});

describe("axes", () => {
  const ends = fc
    .tuple(
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.double({ min: 1.02, max: 1e8, noNaN: true }),
    )
    .map(([low, ratio]): [number, number] => [low, low * ratio]);

  it("have two labels at least, in order, within the ends", () => {
    fc.assert(
      fc.property(ends, fc.boolean(), ([low, high], log) => {
        const scale = (log ? logScale : linearScale)(low, high);
        const shares = scale.ticks.map((t) => scale.share(t.at));
        expect(shares.length).toBeGreaterThanOrEqual(2);
        expect(shares).toEqual([...shares].sort((a, b) => a - b));
        for (const s of shares) expect(s).toBeGreaterThan(-1e-6);
        for (const s of shares) expect(s).toBeLessThan(1 + 1e-6);
      }),
    );
  });

  it("of probability paper hold every rank", () => {
    expect(paperEnds(0.03, 0.97)).toEqual([0.01, 0.99]);
    expect(paperEnds(0.0007, 0.9993)).toEqual([0.0001, 0.9999]);
  });

  it("write numbers short", () => {
    expect([0.05, 7000, 20000, 2e6, 1e-5].map(shortNumber)).toEqual([
      "0.05",
      "7000",
      "20\u2009000",
      "2e6",
      "1e-5",
    ]);
  });
});
