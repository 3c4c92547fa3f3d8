import type { Command } from "commander";
import type { Shell } from "../shell.js";
import { addPlanDemonstrate } from "./plan-demonstrate.js";
import { addPlanFixed, addPlanSequential } from "./plan-risk.js";
import { addPlanSuddenDeath } from "./plan-sudden-death.js";

/** `wearout life plan`: a demonstration when no design is named. */
export function addLifePlan(life: Command, shell: Shell): void {
  const plan = life
    .command("plan")
    .description("how many units, how long: plans of life tests")
    .addHelpText(
      "after",
      `
Without a design it is a demonstration: life plan demonstrate --help tells its options.

Examples:
  wearout life plan --reliability 0.9 --confidence 0.9 --life 5000h --shape 1.5
  wearout life plan --reliability 0.9 --confidence 0.9 --life 5000h --shape 1.5 --units 8
  wearout life plan sudden-death --reliability 0.9 --confidence 0.9 --life 5000h --shape 1.5 --units 24
  wearout life plan fixed --reliability 0.9 --life 5000h --shape 1.5 --ratio 2
  wearout life plan sequential --life 1000h --shape 1 --ratio 2 --units 10`,
    );
  for (const add of [addPlanDemonstrate, addPlanSuddenDeath, addPlanFixed, addPlanSequential]) {
    add(plan, shell);
  }
}
