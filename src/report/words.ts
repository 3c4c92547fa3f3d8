/** The words of pictures and pages, in both languages. */
import { isSimulated, type LifeData } from "../life/data.js";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

const table = {
  time: ["time", "时间"],
  turns: ["turns", "转数"],
  cycles: ["load cycles", "载荷循环数"],
  L10: ["damage, in rated L10 lives", "损伤（额定寿命 L10 的倍数）"],
  failed: ["failed", "累积失效概率"],
  weibullPlot: ["Weibull probability plot", "威布尔概率图"],
  lognormalPlot: ["Lognormal probability plot", "对数正态概率图"],
  residualPlot: ["Residuals", "残差图"],
  residual: ["standardised residual", "标准化残差"],
  residualSays: [
    "Lives in units of their own model; on the line where relation, shape and distribution hold.",
    "各寿命以其自身模型为单位；关系、形状与分布成立时各点落在直线上。",
  ],
  stressPlot: ["Life against stress", "寿命—应力图"],
  atUse: ["at use,", "使用应力"],
  stressMarks: [
    "○ failure · ↑ suspension · dashed: stress of use",
    "○ 失效 · ↑ 截尾 · 虚线：使用应力",
  ],
  growthPlot: ["Failures so far", "累积失效数"],
  failuresSoFar: ["failures of one system", "单系统累积失效数"],
  duanePlot: ["Duane plot", "杜安图"],
  cumulativeMtbf: ["cumulative MTBF", "累积 MTBF"],
  powerLaw: ["power law (Crow-AMSAA)", "幂律（Crow-AMSAA）"],
  duane: ["Duane's line", "杜安直线"],
  failure: ["failure (median rank)", "失效（中位秩）"],
  suspension: ["suspension", "截尾（未失效）"],
  failures: ["failures", "个失效"],
  suspensions: ["suspensions", "个截尾"],
  shape: ["shape", "形状参数 β"],
  scale: ["scale", "尺度参数 η"],
  location: ["location", "位置参数 γ"],
  mu: ["mu", "对数均值 μ"],
  sigma: ["sigma", "对数标准差 σ"],
  mean: ["mean", "平均寿命"],
  likelihood: ["likelihood-ratio bounds", "似然比置信限"],
  fisher: ["Fisher bounds", "费希尔信息置信限"],
  exact: ["exact bounds", "精确置信限"],
  contour: ["Joint confidence region", "联合置信域"],
  simulated: ["SIMULATED", "仿真数据"],
} as const;

export type Word = keyof typeof table;

export function word(language: Language, name: Word): string {
  return table[name][languages.indexOf(language)]!;
}

/** `time, h`; what a life is counted in, where the data says it. */
export function lifeTitle(language: Language, unit: string | undefined): string {
  const counted: Record<string, Word> = { turns: "turns", cycles: "cycles", L10: "L10" };
  const name = counted[unit ?? ""];
  if (name !== undefined) return word(language, name);
  return unit === undefined ? word(language, "time") : `${word(language, "time")}, ${unit}`;
}

/** `SIMULATED · lives.csv`: what every picture says of its data. */
export function sourceLine(data: readonly LifeData[], language: Language): string {
  const mark = data.some((d) => isSimulated(d.rows)) ? `${word(language, "simulated")} · ` : "";
  return mark + data.map((d) => d.source).join(" · ");
}
