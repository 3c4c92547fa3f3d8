/** Roles of a rig file: each has one source, in the right dimension. */
import { type Dimension, dimensionOf, parseQuantity } from "../../base/quantity.js";
import { type Path, show, suggest } from "../../base/schema.js";
import { isWritable } from "../../device/command.js";
import type { Point } from "../../device/device-type.js";
import { derivedOrder, inputOf, type RoleColumn, roleNames, splitBinding } from "../column.js";
import { checkConstant } from "../constant.js";
import { derivations } from "../derive.js";
import { usesLinear } from "../mapping.js";
import { pointOf, type RigCheck } from "./context.js";
import { bindingProblem } from "./device.js";
import { checkKeep } from "./keep.js";

export function checkRoles(check: RigCheck): void {
  for (const column of check.columns) {
    checkSource(check, column);
    checkLinear(check, column);
    checkBinding(check, column, "read");
    checkBinding(check, column, "write");
    checkDerive(check, column);
    checkConstant(check, column);
    checkKeep(check, column);
  }
  const { circle } = derivedOrder(check.columns);
  for (const column of circle) {
    const names = circle.map((c) => c.name).join(", ");
    const found = `a derivation that waits for itself (${names})`;
    check.say([...column.path, "derive"], found, "derivations without a circle");
  }
}

function checkSource({ say }: RigCheck, { says, path }: RoleColumn): void {
  const bound = says.read !== undefined || says.write !== undefined;
  if (says.constant !== undefined) {
    if (bound || says.derive !== undefined || says.linear !== undefined) {
      say(path, "a role that is constant and something else", "constant alone");
    }
    return;
  }
  if (bound && says.derive !== undefined) {
    say(path, "a role both bound to a point and derived", "one source");
  }
  if (!bound && says.derive === undefined) {
    say(path, "a role that is not bound", "read, write, derive or constant");
  }
  if (says.derive !== undefined && says.linear !== undefined) {
    say([...path, "linear"], "linear on a derived role", "linear only beside read or write");
  }
}

function checkBinding(check: RigCheck, column: RoleColumn, way: "read" | "write"): void {
  const binding = column.says[way];
  if (binding === undefined) return;
  const path = [...column.path, way];
  const { device, point: name } = splitBinding(binding);
  const problem = bindingProblem(check, device, name);
  if (problem !== undefined) check.say(path, problem.found, problem.expected);
  const point = pointOf(check, binding);
  if (point === undefined) return;
  if (way === "write" && !isWritable(point)) {
    check.say(path, `${binding}, which cannot be written`, "a point with access write");
  }
  if (way === "read" && (point.access === "write" || point.as === "ascii")) {
    check.say(path, `${binding}, which gives no number`, "a point that can be read");
  }
  checkUnit(check, column, path, point);
}

function checkUnit(check: RigCheck, column: RoleColumn, path: Path, point: Point): void {
  if (dimensionOf(point.unit) === column.dimension) return;
  if (usesLinear(column.says, point.unit)) return;
  const found = `a point in ${point.unit} (${dimensionOf(point.unit)})`;
  const expected = `a point in ${column.says.unit} (${column.dimension}), or linear pairs from ${point.unit}`;
  check.say(path, found, expected);
}

function checkLinear(check: RigCheck, column: RoleColumn): void {
  const pairs = column.says.linear;
  if (pairs === undefined) return;
  const path = [...column.path, "linear"];
  const lefts = readSide(check, path, pairs, 0, parseQuantity(pairs[0]?.[0] ?? "")?.dimension);
  const rights = readSide(check, path, pairs, 1, column.dimension);
  for (const values of [lefts, rights]) {
    const falls = values.findIndex((v, i) => i > 0 && v <= values[i - 1]!);
    if (falls > 0) check.say([...path, falls], show(pairs[falls]), "pairs that rise on both sides");
  }
}

/** One side of the pairs as canonical values; NaN (and a problem) where it is no such quantity. */
function readSide(
  check: RigCheck,
  path: Path,
  pairs: readonly (readonly [string, string])[],
  side: 0 | 1,
  dimension: Dimension | undefined,
): number[] {
  return pairs.map((pair, i) => {
    const quantity = parseQuantity(pair[side]);
    const fits = quantity !== undefined && !quantity.perSecond && quantity.dimension === dimension;
    if (fits) return quantity.value;
    const expected = `a ${dimension ?? "quantity with its unit"}`;
    check.say([...path, i, side], show(pair[side]), expected);
    return Number.NaN;
  });
}

function checkDerive(check: RigCheck, column: RoleColumn): void {
  const derive = column.says.derive;
  if (derive === undefined) return;
  const path = [...column.path, "derive"];
  const by = derivations[derive.by];
  const inputs = derive.of.map((name, i) => {
    const input = inputOf(check.columns, column, name);
    if (input !== undefined) return input;
    const expected = suggest(name, roleNames(check.columns));
    check.say([...path, "of", i], `the unknown role "${name}"`, expected);
    return undefined;
  });
  if (inputs.length < by.least || inputs.length > by.most) {
    check.say([...path, "of"], `${inputs.length} roles`, by.inputs);
  }
  if (by.factor !== (derive.factor !== undefined)) {
    const found = by.factor ? "nothing" : `a factor for ${derive.by}`;
    check.say([...path, "factor"], found, by.factor ? "a number" : "no factor");
  }
  if (inputs.length >= by.least && inputs.every((input) => input !== undefined)) {
    const dimensions = inputs.map((input) => input.dimension);
    checkResult(check, column, path, by.inputs, by.result(dimensions), dimensions);
  }
}

function checkResult(
  { say }: RigCheck,
  column: RoleColumn,
  path: Path,
  wanted: string,
  result: Dimension | undefined,
  given: readonly Dimension[],
): void {
  if (result === undefined) say([...path, "of"], given.join(", "), wanted);
  else if (result !== column.dimension) {
    const found = `${show(column.says.unit)} (${column.dimension})`;
    say([...column.path, "unit"], found, `a unit of ${result}`);
  }
}
