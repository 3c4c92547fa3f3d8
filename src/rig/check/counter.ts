/** What must be so of the role that counts turns or load cycles. */
import { exampleOf, formatDuration, formatQuantity, parseQuantity } from "../../base/quantity.js";
import { quantityExpected, show, suggest } from "../../base/schema.js";
import type { Point } from "../../device/device-type.js";
import { columnNamed, type RoleColumn } from "../column.js";
import { counterOf, sourceOf } from "../counter.js";
import { loadDevices } from "../device.js";
import { gapOf } from "../gap.js";
import { pointOf, type RigCheck, requireRole } from "./context.js";

const counting: readonly Point["as"][] = [
  ...(["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "bcd16", "bcd32"] as const),
];

/** What is said of the role that counts. */
export function checkCounter(check: RigCheck): void {
  const { turns: role, wrapsAt } = check.rig.exposure;
  const path = ["exposure", "turns"];
  if (role === undefined) {
    if (wrapsAt === undefined) return;
    const expected = "turns: the role that counts, or no wrapsAt";
    check.say(["exposure", "wrapsAt"], `${show(wrapsAt)} without a role that counts`, expected);
    return;
  }
  if (!requireRole(check, role, path)) return;
  const column = columnNamed(check.columns, role);
  if (column === undefined) {
    const names = check.columns.filter((c) => c.role === role).map((c) => c.name);
    check.say(
      path,
      `the role "${role}" of several stations`,
      `one of them, ${suggest(role, names)}`,
    );
    return;
  }
  checkDimension(check, column);
  checkSource(check, column);
}

function checkDimension(check: RigCheck, column: RoleColumn): void {
  const { dimension } = column;
  if (dimension !== "turns" && dimension !== "cycles") {
    const found = `the role "${column.name}" (a ${dimension})`;
    check.say(["exposure", "turns"], found, "a role of turns or cycles");
    return;
  }
  const { wrapsAt } = check.rig.exposure;
  if (wrapsAt === undefined) return;
  const q = parseQuantity(wrapsAt);
  if (q?.dimension === dimension && !q.perSecond && q.value > 0) return;
  const wanted = `${dimension} above zero, as "${exampleOf(dimension)}"`;
  check.say(["exposure", "wrapsAt"], show(wrapsAt), quantityExpected(wanted, wrapsAt, dimension));
}

/** Whole numbers that go up by equal steps: of others nobody knows what is hidden, and where they begin again. */
function checkSource(check: RigCheck, column: RoleColumn): void {
  const { source } = sourceOf(check.columns, column);
  const point = pointOf(check, source.says.read);
  if (point !== undefined && isCounting(point) && (source.says.linear?.length ?? 2) === 2) return;
  // What is wrong with the binding itself is said there.
  if (point === undefined && source.says.read !== undefined) return;
  const what = point === undefined ? "no point that is read" : show(source.says.read);
  const expected =
    "a role that reads a point of whole numbers with one scale, or a multiple of one";
  check.say(["exposure", "turns"], `the role "${column.name}", with ${what} behind it`, expected);
}

function isCounting({ as, scaleFrom, linear, enum: words }: Point): boolean {
  const isPlain = scaleFrom === undefined && words === undefined;
  return counting.includes(as) && isPlain && (linear?.length ?? 2) === 2;
}

/** One that comes round while nobody looks counts nothing. Only for a rig whose roles are right. */
export function checkRound({ rig, types, columns, say }: RigCheck): void {
  const counter = counterOf({ rig, columns, devices: loadDevices(rig, types) });
  const column = columnNamed(columns, counter?.role ?? "");
  const ceiling = parseQuantity(rig.actuators[rig.exposure.speed]?.ceiling ?? "")?.value;
  if (counter === undefined || column === undefined || ceiling === undefined) return;
  const { wrapsAt } = counter;
  if (!(wrapsAt > 0)) {
    say(
      ["exposure", "turns"],
      `the role "${column.name}", which counts down`,
      "one that counts up",
    );
    return;
  }
  const cycleMs = parseQuantity(rig.cycle)?.value ?? 0;
  const perTurn = column.dimension === "cycles" ? (rig.exposure.cyclesPerTurn ?? 1) : 1;
  const perMs = (Math.abs(ceiling) / 60_000) * perTurn;
  const leastMs = 2 * (cycleMs + gapOf(cycleMs));
  if (wrapsAt >= perMs * leastMs) return;
  const round = formatDuration(wrapsAt / perMs);
  const found = `the role "${column.name}", which begins again after ${formatQuantity(wrapsAt, column.unit)}`;
  const expected = `a counter that takes longer than ${formatDuration(leastMs)} at the ceiling of ${rig.exposure.speed} (it takes ${round})`;
  say(["exposure", "turns"], found, expected);
}
