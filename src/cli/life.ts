import type { Command } from "commander";
import { addLifeAlt } from "./life-alt.js";
import { addLifeBearing } from "./life-bearing.js";
import { addLifeCompare } from "./life-compare.js";
import { addLifeDecide } from "./life-decide.js";
import { addLifeDegrade } from "./life-degrade.js";
import { addLifeFit } from "./life-fit.js";
import { addLifeGrowth } from "./life-growth.js";
import { addLifePlan } from "./life-plan.js";
import { addLifeRainflow } from "./life-rainflow.js";
import { addLifeReducer } from "./life-reducer.js";
import { fittingShell } from "./life-shell.js";
import { takeRuns } from "./life-source.js";
import { addLifeSteps } from "./life-steps.js";
import { addLifeTable } from "./life-table.js";
import { addLifeWeibayes } from "./life-weibayes.js";
import type { Shell } from "./shell.js";

/** `wearout life`: one file per verb. Tables and programmes for other programs stay as wide as they are. */
export function addLife(program: Command, shell: Shell): void {
  const life = program
    .command("life")
    .description("statistics of life data, rating lives, test plans");
  const verbs = [
    addLifeFit,
    addLifeCompare,
    addLifeAlt,
    addLifeGrowth,
    addLifeSteps,
    addLifeDegrade,
    addLifeWeibayes,
    addLifeBearing,
    addLifeReducer,
    addLifePlan,
    addLifeDecide,
  ];
  const fitting = fittingShell(shell);
  for (const add of verbs) add(life, fitting);
  for (const add of [addLifeRainflow, addLifeTable]) add(life, shell);
  for (const verb of life.commands) takeRuns(verb, shell);
}
