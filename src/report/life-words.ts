/** The sentences of the life report, in both languages. */
import { type Language, languages } from "./words.js";

const table = {
  title: ["Life data report", "寿命数据分析报告"],
  simulated: [
    "SIMULATED: no real specimen was tested. These figures say nothing about any product.",
    "仿真数据：未对任何真实试样进行试验。本报告的数字不代表任何产品。",
  ],
  b10: ["B10 life (10 % failed)", "B10 寿命（10 % 失效）"],
  data: ["Data", "数据"],
  source: ["source", "来源"],
  runs: ["runs", "试验编号"],
  note: ["note", "说明"],
  counted: ["lives counted in", "寿命单位"],
  unitless: ["the data says no unit", "数据未注明单位"],
  specimens: ["specimens", "试样数"],
  failures: ["failures", "失效数"],
  intervals: ["of them known within an interval", "其中仅知区间"],
  suspensions: ["suspensions (taken off alive)", "截尾数（未失效撤下）"],
  entries: ["watched from an age on (entry)", "自某一时间（进入时间）起受观察"],
  entry: ["watched from", "进入时间"],
  range: ["shortest and longest time", "最短与最长时间"],
  modes: ["failure modes", "失效模式"],
  lots: ["lots", "批次"],
  lives: ["Lives", "寿命明细"],
  livesCut: ["The first rows of", "仅列出前若干行，总行数"],
  count: ["count", "数量"],
  life: ["life", "寿命"],
  status: ["status", "状态"],
  mode: ["mode", "模式"],
  lot: ["lot", "批次"],
  specimen: ["specimen", "试样"],
  exact: ["failure", "失效"],
  right: ["suspension", "截尾"],
  left: ["failed before", "此前失效"],
  interval: ["failed within", "区间内失效"],
  method: ["Method", "方法"],
  results: ["Estimates", "估计结果"],
  parameter: ["parameter", "参数"],
  estimate: ["estimate", "估计值"],
  lower: ["lower bound", "置信下限"],
  upper: ["upper bound", "置信上限"],
  error: ["standard error", "标准误差"],
  reliability: ["reliability at", "可靠度，时间"],
  distributions: ["Distributions compared", "分布比较"],
  distributionsSay: [
    "A higher log-likelihood and a lower AIC describe the data better; a difference of AIC below 2 decides nothing.",
    "对数似然越大、AIC 越小，对数据的描述越好；AIC 相差不足 2 时不能作出判断。",
  ],
  refused: ["refused", "不适用"],
  distribution: ["distribution", "分布"],
  weibull: ["Weibull", "威布尔"],
  weibull3: ["Weibull, three parameters", "三参数威布尔"],
  lognormal: ["lognormal", "对数正态"],
  exponential: ["exponential", "指数"],
  logLikelihood: ["log-likelihood", "对数似然"],
  figures: ["Figures", "图"],
  byLot: ["Lots apart", "按批次分别拟合"],
  byMode: ["Modes apart", "按失效模式分别拟合"],
  assumptions: ["Assumptions", "前提假设"],
  warnings: ["Warnings", "警告"],
  noWarnings: ["None.", "无。"],
  made: ["Made by Wearout", "由 Wearout 生成，版本"],
  again: ["The same again:", "重现命令："],
  methods: [
    "Methods with formulas and sources: docs/statistics.md.",
    "方法、公式与出处：docs/statistics.md。",
  ],
} as const;

export type LifeWord = keyof typeof table;

export function say(language: Language, name: LifeWord): string {
  return table[name][languages.indexOf(language)]!;
}

const sentences = {
  weibull: [
    "Weibull distribution, two parameters: R(t) = exp(-(t/scale)^shape).",
    "两参数威布尔分布：R(t) = exp(-(t/η)^β)。",
  ],
  weibull3: [
    "Weibull distribution, three parameters: R(t) = exp(-((t - location)/scale)^shape); nothing fails before the location.",
    "三参数威布尔分布：R(t) = exp(-((t - γ)/η)^β)；位置参数 γ 之前不发生失效。",
  ],
  lognormal: [
    "Lognormal distribution: ln t is normal with mean mu and standard deviation sigma.",
    "对数正态分布：ln t 服从均值 μ、标准差 σ 的正态分布。",
  ],
  exponential: [
    "Exponential distribution: R(t) = exp(-t/scale); the failure rate is constant.",
    "指数分布：R(t) = exp(-t/η)，失效率恒定。",
  ],
  mle: [
    "Parameters by maximum likelihood over all specimens: failures by their density, suspensions by R(t), failures within an interval by the difference of R at its ends (Meeker and Escobar 1998, chapter 8; IEC 61649).",
    "参数采用极大似然法估计，使用全部试样：失效取概率密度，截尾取 R(t)，区间失效取区间两端 R 之差（Meeker 与 Escobar 1998，第 8 章；IEC 61649）。",
  ],
  truncated: [
    "Some specimens came under watch at an age (entry, left truncation): what had failed before it was never seen, so the part of each in the likelihood is divided by R at that age.",
    "部分试样自某一时间（进入时间，左截断）起才受观察：此前已失效者从未被观测到，故各自的似然贡献除以该时间的 R。",
  ],
  likelihood: [
    "Bounds by the likelihood ratio: all values at which twice the loss of log-likelihood stays below the chi-square quantile with one degree of freedom.",
    "置信限采用似然比法：对数似然损失的两倍不超过自由度为 1 的卡方分位数的全部取值。",
  ],
  fisher: [
    "Bounds from the Fisher information, normal on the logarithm of the quantity.",
    "置信限采用费希尔信息矩阵，在量的对数上取正态近似。",
  ],
  chiSquareBounds: [
    "Exact bounds from the chi-square distribution of the total time (Epstein and Sobel 1953).",
    "精确置信限由总试验时间的卡方分布得出（Epstein 与 Sobel 1953）。",
  ],
  exactBounds: [
    "Exact bounds by simulated pivots (Thoman, Bain and Antle 1969), 100 000 samples, seed 1.",
    "精确置信限采用枢轴量模拟（Thoman、Bain 与 Antle 1969），10 万个样本，种子 1。",
  ],
  points: [
    "Points of the plot stand at median ranks (exact, Johnson-adjusted for suspensions); they show the data and are not used by the fit.",
    "图中各点位于中位秩（精确值，按 Johnson 方法对截尾修正）；仅用于展示数据，不参与拟合。",
  ],
  noRanksFromAnAge: [
    "No points are drawn of specimens that were watched from an age on: median ranks know no such ages.",
    "自某一时间起受观察的试样不绘点：中位秩不适用于进入时间。",
  ],
  noRanksOfWeights: [
    "No points are drawn: median ranks need whole counts.",
    "未绘点：中位秩要求数量为整数。",
  ],
  independent: [
    "The specimens are independent and of one population with one stress, unless stated otherwise.",
    "除另有说明外，各试样相互独立，来自同一总体并承受同一应力。",
  ],
  censoring: [
    "Specimens were taken off for reasons that say nothing about their remaining life.",
    "试样撤下的原因与其剩余寿命无关。",
  ],
  entryTellsNothing: [
    "The age at which a specimen came under watch says nothing about its remaining life.",
    "试样开始受观察的时间与其剩余寿命无关。",
  ],
  competing: [
    "Where modes are fitted apart they are independent; a failure by another mode counts as a suspension.",
    "按模式分别拟合时，各模式相互独立；由其他模式引起的失效视为截尾。",
  ],
  interval: [
    "A failure whose exposure is known as [at least, at most] lies anywhere within; a suspension counts at its lower end.",
    "暴露量仅知 [至少，至多] 的失效位于该区间内任意处；截尾按其下端计。",
  ],
  shape: [
    "The distribution holds where it is asked, also below the first and above the last failure.",
    "所选分布在所求之处成立，包括首次失效之前与末次失效之后。",
  ],
} as const;

export type Sentence = keyof typeof sentences;

export function sentence(language: Language, name: Sentence): string {
  return sentences[name][languages.indexOf(language)]!;
}
