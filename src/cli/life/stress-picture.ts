import type { AltSolution } from "../../life/alt.js";
import type { LifeData } from "../../life/data.js";
import type { Stress, StressLaw } from "../../life/stress.js";
import { residualPlot } from "../../report/residual-plot.js";
import { stressPlot } from "../../report/stress-plot.js";
import type { Figure } from "../../report/svg.js";
import { type Language, sourceLine } from "../../report/words.js";

/** Life against stress for a law of one stress, and the residuals of any. */
export function stressFigures(
  { fit, lifeAt, residuals, standard }: AltSolution,
  law: StressLaw,
  use: Stress,
  data: LifeData,
  language: Language,
): Figure[] {
  const subtitle = sourceLine([data], language);
  const residual = residualPlot({ subtitle, rows: residuals, standard, language, id: "residual" });
  const [column, second] = law.columns;
  if (column === undefined || second !== undefined) return [residual];
  const { rows, unit } = data;
  const { bounds, confidence } = fit;
  const picture = { subtitle, law, column, rows, bounds, confidence, unit, language, id: "stress" };
  const at = (stress: number, fraction: number) => lifeAt({ [column]: stress }, fraction);
  return [stressPlot({ ...picture, use: use[column]!, lifeAt: at }), residual];
}
