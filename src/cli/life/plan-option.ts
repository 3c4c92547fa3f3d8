/** What the verbs of `wearout life plan` share: times with a unit, shares, and the requirement. */
import type { Command } from "commander";
import { WearoutError } from "../../base/error.js";
import { dimensionOf, parseQuantity, toCanonical } from "../../base/quantity.js";
import type { OperatingPoint } from "../../life/demonstration.js";
import type { Requirement } from "../../life/requirement.js";
import { number, positive, share } from "./data.js";

/** A life or a time in the unit it was written in, which may be none. */
export type Life = { value: number; unit: string | undefined };

/** `5000h`, `2 Mturns`, or a plain number in whatever unit the user thinks. */
export function lifeOf(name: string, text: string): Life {
  const unit = /^[\d.eE+\s-]*(.*)$/.exec(text.trim())![1]!;
  if (unit === "") return { value: positive(name, text), unit: undefined };
  const quantity = parseQuantity(text);
  const kinds = ["time", "turns", "cycles"];
  if (quantity !== undefined && !quantity.perSecond && kinds.includes(quantity.dimension)) {
    if (quantity.value > 0) return { value: quantity.value / toCanonical(1, unit), unit };
  }
  throw new WearoutError(
    "USAGE",
    `${name}: found "${text}", expected a time, turns or cycles above 0, as 5000h or 2Mturns`,
  );
}

/** The same in the unit that `owner` has; both or none must say one. */
export function lifeIn(
  name: string,
  text: string,
  unit: string | undefined,
  owner = "--life",
): number {
  const life = lifeOf(name, text);
  if (life.unit === undefined) return life.value;
  if (unit !== undefined && dimensionOf(life.unit) === dimensionOf(unit)) {
    return toCanonical(life.value, life.unit) / toCanonical(1, unit);
  }
  const has = unit === undefined ? `${owner} says no unit` : `${owner} is in ${unit}`;
  throw new WearoutError("USAGE", `${name}: found "${text}", but ${has}`);
}

export type RequirementOptions = {
  reliability: string;
  life: string;
  shape: string;
  confidence: string;
};

/** What a plan is to show; the same words for every design that `requirementOf` reads. */
export function takeRequirement(verb: Command): Command {
  return verb
    .requiredOption("--reliability <r>", "that must be shown at --life: 0.9 for a B10 life")
    .requiredOption("--life <time>", "as 5000h or 2Mturns; results are in its unit")
    .requiredOption("--shape <b>", "the Weibull shape, from earlier tests of the same design")
    .option("--confidence <c>", "one minus the chance that a product just at --life passes", "0.9");
}

export function requirementOf(o: RequirementOptions): { need: Requirement; unit?: string } {
  const life = lifeOf("--life", o.life);
  const need = {
    reliability: share("--reliability", o.reliability),
    life: life.value,
    shape: positive("--shape", o.shape),
  };
  return { need, ...(life.unit === undefined ? {} : { unit: life.unit }) };
}

/** `5000 h` */
export function inUnit(value: number, unit: string | undefined): string {
  const short = Number(value.toPrecision(5));
  return unit === undefined ? number(short) : `${number(short)} ${unit}`;
}

/** `90 %` with three digits. */
export function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}

export function requirementLine({ reliability, life, shape }: Requirement, unit?: string): string {
  return `at least ${percent(reliability)} alive at ${inUnit(life, unit)}, Weibull shape ${number(shape)} assumed`;
}

/** Rows of an operating characteristic of a demonstration. */
export function operatingRow(p: OperatingPoint, unit: string | undefined): string[] {
  return [
    `${number(p.multiple)} x`,
    inUnit(p.life, unit),
    percent(p.passes),
    inUnit(p.expected.duration, unit),
    inUnit(p.expected.unitTime, unit),
  ];
}
