/** The warnings of a fit in Chinese; English stands in `life/warning.ts`. */
import { type WarningCode, warningTable } from "../life/warning.js";
import type { Language } from "./words.js";

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
