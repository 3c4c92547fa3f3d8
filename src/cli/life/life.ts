import type { Command } from "commander";
import type { Shell } from "../shell.js";
import { addLifeAlt } from "./alt.js";
import { addLifeBearing } from "./bearing.js";
import { addLifeCompare } from "./compare.js";
import { addLifeDecide } from "./decide.js";
import { addLifeDegrade } from "./degrade.js";
import { addLifeFit } from "./fit.js";
import { addLifeGrowth } from "./growth.js";
import { addLifePlan } from "./plan.js";
import { addLifeRainflow } from "./rainflow.js";
import { addLifeReducer } from "./reducer.js";
import { fittingShell } from "./shell.js";
import { takeRuns } from "./source.js";
import { addLifeSteps } from "./steps.js";
import { addLifeTable } from "./table.js";
import { addLifeWeibayes } from "./weibayes.js";

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
