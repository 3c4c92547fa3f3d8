/** The words that people use for columns of life data and for what stands in them: English, German, French, Chinese. */

export const labels = ["mode", "group", "lot", "system", "specimen"] as const;
export const columnNames = ["time", "status", "time_high", "entry", "count", ...labels] as const;
export type ColumnName = (typeof columnNames)[number];

/** What a 1 in a status column says, where its title tells. */
export type Flag = "failed" | "censored";

/** Words for a column, in small letters; accents are taken off before they are compared. */
export const synonyms: Readonly<Record<ColumnName, readonly string[]>> = {
  time: [
    ...["life", "lifetime", "life time", "failure time", "time to failure", "ttf", "age"],
    ...["operating time", "running time", "run time", "test time"],
    ...["zeit", "laufzeit", "lebensdauer", "standzeit", "betriebszeit", "versuchszeit"],
    ...["versuchsdauer", "prüfdauer", "ausfallzeit"],
    ...["durée", "durée de vie", "durée d'essai", "temps", "temps de fonctionnement"],
    ...["寿命", "时间", "失效时间", "试验时间", "运行时间", "工作时间"],
  ],
  status: [
    ...["state", "outcome", "result", "failed/suspended", "failure/suspension", "f/s"],
    ...["zustand", "ergebnis", "état", "statut", "résultat"],
    ...["状态", "试验状态", "失效状态", "失效情况", "结果", "试验结果"],
  ],
  time_high: ["time high", "区间上限", "上限时间"],
  entry: [
    ...["entry age", "entry time", "age at entry", "delayed entry", "left truncation"],
    ...["truncation age", "left truncation age", "age at start", "eintrittsalter"],
    ...["truncation", "truncation time", "进入时间", "进入年龄", "截断时间"],
  ],
  count: [
    ...["counts", "quantity", "qty", "number of specimens", "number of units", "multiplicity"],
    ...["weighting", "anzahl", "stückzahl", "menge", "häufigkeit", "gewichtung", "wichtung"],
    ...["quantité", "nombre", "effectif", "pondération"],
    ...["数量", "件数", "个数", "台数", "频数", "试样数", "样本数", "权重"],
  ],
  mode: [
    ...["failure mode", "ausfallart", "schadensart", "fehlerart", "schadensbild"],
    ...["mode de défaillance", "失效模式", "故障模式", "模式"],
  ],
  group: ["gruppe", "groupe", "组", "组别", "分组"],
  lot: ["batch", "charge", "los", "批次", "批号"],
  system: ["系统", "设备", "机组"],
  specimen: [
    ...["sample", "sample id", "sample no", "specimen id", "specimen no", "id"],
    ...["serial", "serial number", "serial no", "sn"],
    ...["prüfling", "probe", "prüfkörper", "seriennummer", "nr", "lfd nr"],
    ...["éprouvette", "échantillon", "numéro de série", "n° de série", "no de série"],
    ...["试样", "试件", "样品", "试样编号", "试件编号", "样品编号", "轴承编号", "编号", "序号"],
  ],
};

/** Words for a column that may as well be a quantity of the test, or a date: whoever wrote them is asked. */
export const doubtfulTitles: Readonly<Partial<Record<ColumnName, readonly string[]>>> = {
  count: [
    ...["n", "weight", "weights", "freq", "frequency", "gewicht", "fréquence", "poids", "重量"],
  ],
  entry: ["start", "start time", "begin", "beginn", "start age", "début", "开始", "开始时间"],
};

/** Titles that say a time and its unit at once. */
export const timeTitles: Readonly<Record<string, readonly string[]>> = {
  h: [
    ...["hours", "hour", "hrs", "operating hours", "running hours", "hours run"],
    ...["stunden", "betriebsstunden", "heures", "heures de fonctionnement"],
    ...["小时", "小时数", "试验小时", "运行小时"],
  ],
  min: ["minutes", "minuten", "分钟"],
  d: ["days", "tage", "jours", "天数"],
  cycles: [
    ...["cycles", "cycle", "zyklen", "lastwechsel", "lastspiele", "nombre de cycles"],
    ...["循环次数", "循环数", "循环", "次数"],
  ],
  turns: ["turns", "revolutions", "umdrehungen", "tours", "转数", "圈数"],
};

/** Titles of a column of yes and no. */
export const flagTitles: Readonly<Record<Flag, readonly string[]>> = {
  failed: [
    ...["failed", "failure", "event", "delta", "δ", "ausfall", "ausgefallen", "defekt"],
    ...["défaillance", "défaillant", "panne", "失效", "是否失效", "故障"],
  ],
  censored: [
    ...[
      "censored",
      "censor",
      "cens",
      "zens",
      "suspended",
      "zensiert",
      "durchläufer",
      "censuré",
      "suspendu",
    ],
    ...["截尾", "删失", "是否截尾", "是否删失"],
  ],
};

/** Other words for a unit of time. */
export const unitWords: Readonly<Record<string, readonly string[]>> = {
  h: ["hours", "hour", "hrs", "std", "stunden", "heures", "小时", "时"],
  min: ["分钟", "分"],
  s: ["秒"],
  d: ["tage", "jours", "天"],
  cycles: ["次", "循环", "zyklen", "lastwechsel"],
  turns: ["转", "圈", "umdrehungen", "tours"],
};

/** Words in a column of states, by the letter they mean. */
export const statusWords: Readonly<Record<string, readonly string[]>> = {
  F: [
    ...["f", "failure", "failed", "fail", "broken", "fractured", "nok", "not ok", "ng"],
    ...["n.i.o", "nicht in ordnung", "nicht bestanden"],
    ...["ausfall", "ausgefallen", "defekt", "gebrochen", "bruch"],
    ...["défaillance", "défaillant", "défaillante", "panne", "rompu", "rompue", "rupture"],
    ...["失效", "失败", "故障", "损坏", "断裂", "已失效", "不合格"],
  ],
  S: [
    ...["s", "suspension", "suspended", "censored", "right", "survived", "running"],
    ...["ok", "pass", "passed", "cens", "alive", "i.o", "in ordnung", "bestanden"],
    ...["runout", "run out", "not failed", "no failure", "still running"],
    ...["durchläufer", "zensiert", "nicht ausgefallen", "kein ausfall", "läuft", "läuft noch"],
    ...["censuré", "censurée", "non rompu", "non rompue", "non défaillant", "suspendu", "en cours"],
    ...["截尾", "右截尾", "删失", "右删失", "中止", "终止", "未失效"],
    ...["完好", "合格", "正常", "存活", "运行中"],
  ],
  L: ["l", "left", "左截尾", "左删失"],
  I: ["i", "interval", "区间", "区间截尾", "区间删失"],
};

/** Also as spreadsheets write what is true. */
export const yesWords = ["1", "yes", "y", "true", "ja", "j", "wahr", "oui", "o", "vrai", "是"];
export const noWords = ["0", "no", "n", "false", "nein", "falsch", "non", "faux", "否"];

/** What was measured of a specimen that wears. */
export const valueTitles: readonly string[] = [
  ...["value", "measurement", "reading", "measured value", "wert", "messwert"],
  ...["valeur", "mesure", "valeur mesurée", "测量值", "数值", "退化量", "磨损量"],
];

/** Columns of texts for people, and of dates, which no statistics are made of. */
export const remarkTitles: readonly string[] = [
  ...["comment", "comments", "remark", "remarks", "note", "notes", "date", "operator"],
  ...["bemerkung", "bemerkungen", "kommentar", "anmerkung", "hinweis", "datum", "prüfer"],
  ...["commentaire", "commentaires", "remarque", "remarques", "observation", "opérateur"],
  ...["备注", "说明", "注释", "附注", "日期", "操作员", "试验员"],
];
