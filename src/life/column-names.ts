/** What people call the columns of life data, in English and Chinese, and the words in their cells. */

export const labels = ["mode", "group", "lot", "system", "specimen"] as const;
export const columnNames = ["time", "status", "time_high", "entry", "count", ...labels] as const;
export type ColumnName = (typeof columnNames)[number];

/** What a 1 in a status column says, where its title tells. */
export type Flag = "failed" | "censored";

/** A title understood: `own` where it is the name itself, not another word for it. */
export type Title = { name: ColumnName; own: boolean; unit?: string; flag?: Flag };

const hours = ["hours", "hour", "hrs", "operating hours", "running hours", "hours run", "stunden"];
const hoursZh = ["小时", "小时数", "试验小时", "运行小时"];
const synonyms: Record<ColumnName, readonly string[]> = {
  time: [
    ...["life", "lifetime", "life time", "failure time", "time to failure", "ttf", "age", "zeit"],
    ...["operating time", "running time", "run time", "test time"],
    ...["寿命", "时间", "失效时间", "试验时间", "运行时间", "工作时间"],
  ],
  status: ["state", "outcome", "result", "状态", "试验状态", "失效状态", "结果"],
  time_high: ["time high", "区间上限", "上限时间"],
  entry: [
    ...["entry age", "entry time", "age at entry", "delayed entry", "left truncation"],
    ...["truncation", "truncation time", "进入时间", "进入年龄", "截断时间"],
  ],
  count: ["counts", "quantity", "qty", "anzahl", "数量", "件数", "个数", "台数", "频数"],
  mode: ["failure mode", "失效模式", "故障模式", "模式"],
  group: ["组", "组别", "分组"],
  lot: ["batch", "批次", "批号"],
  system: ["系统", "设备", "机组"],
  specimen: [
    ...["sample", "serial", "serial number", "sn"],
    ...["试样", "试件", "样品", "试样编号", "试件编号", "样品编号", "编号", "序号"],
  ],
};

const titles = new Map<string, Omit<Title, "own">>();
for (const name of columnNames) {
  for (const word of synonyms[name]) titles.set(word, { name });
}
for (const [unit, words] of [
  ["h", [...hours, ...hoursZh]],
  ["min", ["minutes", "分钟"]],
  ["d", ["days", "天数"]],
  ["cycles", ["cycles", "cycle", "循环次数", "循环数", "循环", "次数"]],
  ["turns", ["turns", "revolutions", "转数", "圈数"]],
] as const) {
  for (const word of words) titles.set(word, { name: "time", unit });
}
for (const [flag, words] of [
  ["failed", ["failed", "failure", "event", "失效", "是否失效", "故障"]],
  ["censored", ["censored", "censor", "suspended", "截尾", "删失", "是否截尾", "是否删失"]],
] as const) {
  for (const word of words) titles.set(word, { name: "status", flag });
}

const units: Record<string, string> = {
  ...{ hours: "h", hour: "h", hrs: "h", 小时: "h", 时: "h", 分钟: "min", 分: "min", 秒: "s" },
  ...{ 天: "d", 次: "cycles", 循环: "cycles", 转: "turns", 圈: "turns" },
};

/** `time_h`, `Time [h]`, `寿命（小时）`, `Hours`; undefined for a title that is none of ours. */
export function titleOf(text: string): Title | undefined {
  const plain = text.normalize("NFKC").trim();
  const known = columnNames.find((name) => name === plain.toLowerCase());
  if (known !== undefined) return { name: known, own: true };
  const [, bare = plain, unit] = /^(.*?)\s*[[(]\s*([^\])]+?)\s*[\])]$/.exec(plain) ?? [];
  const found = titles.get(bare.toLowerCase().replace(/[\s_-]+/g, " "));
  const given = unit === undefined ? found?.unit : unitOf(unit);
  if (found !== undefined) {
    return { ...found, own: false, ...(given === undefined ? {} : { unit: given }) };
  }
  const own = /^(time_high|time|entry)(?:_|\s*[[(])([^\])]+)[\])]?$/i.exec(plain);
  if (own === null) return undefined;
  return { name: own[1]!.toLowerCase() as ColumnName, own: true, unit: unitOf(own[2]!) };
}

function unitOf(text: string): string {
  return units[text.toLowerCase()] ?? text;
}

const statusWords: Record<string, readonly string[]> = {
  F: ["f", "failure", "failed", "fail", "失效", "失败", "故障", "损坏", "已失效"],
  S: [
    ...["s", "suspension", "suspended", "censored", "right", "survived", "running"],
    ...[
      "截尾",
      "右截尾",
      "删失",
      "右删失",
      "中止",
      "终止",
      "未失效",
      "完好",
      "正常",
      "存活",
      "运行中",
    ],
  ],
  L: ["l", "left", "左截尾", "左删失"],
  I: ["i", "interval", "区间", "区间截尾", "区间删失"],
};

/** Every word for a status, with its letter. */
export const letterOf: ReadonlyMap<string, string> = new Map(
  Object.entries(statusWords).flatMap(([letter, words]) => words.map((w) => [w, letter])),
);

const [yes, no] = [
  ["1", "yes", "y", "true", "是"],
  ["0", "no", "n", "false", "否"],
];

/** The letter of a cell whose title says what yes means. */
export function letterOfFlag(text: string, flag: Flag): string | undefined {
  const word = text.toLowerCase();
  if (yes.includes(word)) return flag === "failed" ? "F" : "S";
  return no.includes(word) ? (flag === "failed" ? "S" : "F") : undefined;
}
