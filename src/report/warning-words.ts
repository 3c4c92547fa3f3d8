/** The warnings and refusals of a fit for a page; English warnings stand in `life/warning.ts`. */
import { type RefusalCode, refusalTable, type WarningCode, warningTable } from "../life/warning.js";
import { type Language, languages } from "./words.js";

/** What a fit of one distribution can warn of; a test holds the list against the code. */
const chinese: Partial<Record<WarningCode, string>> = {
  FEW_FAILURES: "失效数少于 5 个：再出现一个失效，估计值就可能有很大变化",
  ASYMPTOTIC_BOUNDS:
    "置信限以大量失效为前提，而失效数少于 10 个：置信限偏窄且偏高；适用时（完全数据或统一终止的试验）请用 --bounds exact",
  BOUND_OPEN: "数据不足以限定某一侧的置信限；该侧以“–”或“∞”表示",
  ESTIMATE_OUTSIDE:
    "有估计值落在其置信限之外：失效数如此之少时，极大似然估计偏向一侧，而置信限并不偏；请以置信限为准",
  EXTRAPOLATION: "所求寿命或可靠度超出数据范围：假定该分布在范围之外仍然成立",
  FIT_LACKING:
    "该分布不能描述这些寿命数据（与数据的距离，模拟水平 1 %）：请查看概率图；可能混有多种模式或批次、应选其他分布，或数据有误",
  MODES_MIXED: "多种失效模式被当作一种拟合：混合模式会使直线弯曲；请用 --modes 或 --by-mode",
  SPECIMEN_TWICE: "同一试样出现在多行中，每行各计一次，如同多个同名试样",
  OTHER_MODE_LEFT_OUT: "首次检查前即因其他模式失效的试样未计入：其在本模式下的寿命未知",
  CORRECTION_SMALL_SAMPLE: "该无偏修正仅对完全数据有公开依据；用于截尾数据只是经验法则",
  CORRECTION_POINT_ONLY: "修正只改变形状参数及由其推出的估计值；置信限仍是未修正估计的置信限",
  RANKS_AT_MIDPOINT: "中位秩不能处理区间：区间内的失效置于区间中点；请用 --method mle",
  EXACT_FOR_ITS_CENSORING:
    "精确置信限适用于完全数据或在某次失效时终止的试验；平均寿命的置信限来自同一组模拟样本",
  EXACT_STOPPED_BY_TIME:
    "试验因到时而非因失效终止：置信下限取自由度 2r+2，上限取 2r，两侧均偏于保守（覆盖率不低于所给置信度）",
  EXACT_AS_IF_BY_FAILURE:
    "试验因到时终止，而精确置信限按在末次失效时终止计算：覆盖率只是近似等于所给置信度",
  LOCATION_AT_ZERO: "似然在位置参数为 0 或以下时最大：两参数威布尔分布足以描述数据",
  LOCATION_PRIOR: "位置参数大于零意味着在此之前不会发生任何失效：须有物理依据",
  UNIT_ASSUMED: "数据未注明单位：按时间选项的单位理解",
  RESCUED: "常规搜索失败，由较慢的搜索找到最大值：请检查数据",
};

export function warningWords(code: WarningCode, language: Language): string {
  return (language === "zh" ? chinese[code] : undefined) ?? warningTable[code];
}

/** Why a distribution is refused: a page has no way out to offer, as the terminal has. */
const refusals: Partial<Record<RefusalCode, readonly [en: string, zh: string]>> = {
  LIKELIHOOD_UNBOUNDED: [
    "the likelihood grows without end as the location nears the first failure, and has no proper maximum with a shape above 1",
    "位置参数趋近首次失效时似然无限增大，且形状参数大于 1 时无极大值",
  ],
  NO_MAXIMUM: ["the search found no maximum of the likelihood", "未找到似然的极大值"],
  ONE_FAILURE: [
    "only one failure: no fit of shape and scale stands on it",
    "仅有一个失效：不足以同时估计形状与尺度",
  ],
  ALL_EQUAL: [
    "all failures share one time, or their intervals do: nothing tells the shape",
    "全部失效（或其区间）处于同一时间：无法判断形状",
  ],
  LONGEST_FAILURE_ONLY: [
    "no failure lies before another specimen's time: no shape can be estimated",
    "没有任何失效早于其他试样的时间：无法估计形状",
  ],
};

export function refusalWords(code: RefusalCode, language: Language): string {
  return refusals[code]?.[languages.indexOf(language)] ?? refusalTable[code];
}
