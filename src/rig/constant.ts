/** Roles that are constant, and those whose value is given for a run: a dead weight, a spring, a lever arm. */
import { WearoutError } from "../base/error.js";
import { own } from "../base/own.js";
import { formatQuantity, parseQuantity } from "../base/quantity.js";
import { quantityExpected, show, suggest } from "../base/schema.js";
import type { RigCheck } from "./check/context.js";
import type { RoleColumn } from "./column.js";
import type { Constant, LoadedRig } from "./loaded-rig.js";

/** The value of a text in the dimension of the role; undefined where it is none. */
function quantityIn(column: RoleColumn, text: string): number | undefined {
  const q = parseQuantity(text);
  if (q === undefined || q.perSecond || q.dimension !== column.dimension) return undefined;
  return q.value;
}

/** In the file: a quantity of the role's dimension, or two of them in order. */
export function checkConstant({ say }: RigCheck, column: RoleColumn): void {
  const { constant } = column.says;
  if (constant === undefined) return;
  const path = [...column.path, "constant"];
  const expected = (text: string) =>
    quantityExpected(
      `a ${column.dimension}, in ${column.unit} or the like`,
      text,
      column.dimension,
    );
  if (typeof constant === "string") {
    if (quantityIn(column, constant) === undefined) say(path, show(constant), expected(constant));
    return;
  }
  const ends = constant.perRun.map((text, i) => {
    const value = quantityIn(column, text);
    if (value === undefined) say([...path, "perRun", i], show(text), expected(text));
    return value ?? Number.NaN;
  });
  if (ends[0]! > ends[1]!)
    say([...path, "perRun"], show(constant.perRun), "the lowest value first");
}

/** The constants of a checked rig, those given for a run included. */
export function constantsOf(
  columns: readonly RoleColumn[],
  given: Readonly<Record<string, string>>,
): Constant[] {
  return columns.flatMap((column) => {
    const { constant } = column.says;
    const text = typeof constant === "string" ? constant : own(given, column.name);
    const value =
      constant === undefined || text === undefined ? undefined : quantityIn(column, text);
    return value === undefined ? [] : [{ column: column.column, value }];
  });
}

/**
 * The rig with the values given for a run, by the name of their role. Throws `USAGE` for one that is missing,
 * unknown, of another dimension or out of its range.
 */
export function withConstants(
  loaded: LoadedRig,
  given: Readonly<Record<string, string>>,
): LoadedRig {
  const { columns } = loaded;
  const asked = columns.filter(({ says }) => typeof says.constant === "object");
  const names = asked.map((column) => column.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const expected = names.length === 0 ? "none: this rig asks for none" : suggest(name, names);
    refuse(`found a value for "${name}", expected ${expected}`);
  }
  for (const column of asked) checkGiven(column, own(given, column.name));
  return { ...loaded, given, constants: constantsOf(columns, given) };
}

function checkGiven(column: RoleColumn, text: string | undefined): void {
  const { name, unit, says } = column;
  const [lowest = "", highest = ""] = typeof says.constant === "object" ? says.constant.perRun : [];
  const range = `${lowest} to ${highest}`;
  if (text === undefined) refuse(`${name} is given per run: ${name}=VALUE, ${range}`);
  const value = quantityIn(column, text);
  if (value === undefined)
    refuse(`${name}: found "${text}", expected a ${column.dimension}, ${range}`);
  const ends = [quantityIn(column, lowest), quantityIn(column, highest)] as [number, number];
  if (value >= ends[0] && value <= ends[1]) return;
  refuse(`${name}: found "${text}" (${formatQuantity(value, unit)}), expected ${range}`);
}

function refuse(text: string): never {
  throw new WearoutError("USAGE", `--constant: ${text}`);
}
