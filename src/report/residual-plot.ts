/** Standardised residuals on probability paper: a straight row of points speaks for the model. */
import type { LifeRow } from "../life/data.js";
import { isFailure } from "../life/data.js";
import { fractionsOf } from "../life/plot.js";
import { plotPoints } from "../life/ranks.js";
import type { Standard } from "../life/standard.js";
import { pageWidth } from "./frame.js";
import { lineHeight } from "./legend.js";
import { probabilityField } from "./probability-plot.js";
import { type Figure, soft, text } from "./svg.js";
import { type Language, word } from "./words.js";

export type ResidualPicture = {
  subtitle: string;
  /** Lives in units of their own model (`residualRows`). */
  rows: readonly LifeRow[];
  standard: Standard;
  language: Language;
  id: string;
};

/** The line is the standard distribution itself; it has no bounds. */
export function residualPlot({ subtitle, rows, standard, language, id }: ResidualPicture): Figure {
  const line = fractionsOf(standard).map((fraction) => {
    const life = Math.exp(standard.quantile(fraction));
    return { fraction, life: { estimate: life, lower: life, upper: life } };
  });
  const whole = rows.every((r) => Number.isInteger(r.count));
  const marks = {
    points: whole ? plotPoints(rows, "exact") : [],
    suspensions: rows.filter((r) => !isFailure(r)).map((r) => r.time),
    line,
  };
  const title = word(language, "residualPlot");
  const xTitle = word(language, "residual");
  const picture = { title, subtitle, unit: undefined, language, xTitle, id };
  const { frame, body } = probabilityField(picture, standard, [marks]);
  const says = text(frame.left, frame.foot, word(language, "residualSays"), `fill="${soft}"`);
  return { width: pageWidth, height: frame.foot + lineHeight, body: `${body}\n${says}` };
}
