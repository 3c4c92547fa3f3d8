/** Actuators of a rig file: every role that is written has its ceiling, its safe value, its ramp. */
import { own } from "../../base/own.js";
import { type Dimension, formatQuantity, parseQuantity } from "../../base/quantity.js";
import { type Path, quantityExpected, show, suggest } from "../../base/schema.js";
import { compilePoint } from "../../device/codec.js";
import { parameterValues } from "../../device/parameter.js";
import { actuatorFacts, rampPerSecond } from "../actuator.js";
import { columnNamed, type RoleColumn, splitBinding } from "../column.js";
import { Mapping } from "../mapping.js";
import type { ActuatorFile } from "../rig-file.js";
import { pointOf, type RigCheck } from "./context.js";

export function checkActuators(check: RigCheck): void {
  const { rig, columns, say } = check;
  const written = columns.filter((c) => c.says.write !== undefined);
  for (const column of written) {
    if (own(rig.actuators, column.name) !== undefined) continue;
    const found = `the role "${column.name}" is written but has no actuator`;
    say([...column.path, "write"], found, `an entry actuators.${column.name}`);
  }
  for (const name of Object.keys(rig.actuators)) {
    const column = columnNamed(columns, name);
    const path = ["actuators", name];
    if (column === undefined) {
      const expected = suggest(
        name,
        written.map((c) => c.name),
      );
      say(path, `the unknown role "${name}"`, expected);
    } else if (column.says.write === undefined) {
      say(path, `the role "${name}", which writes nothing`, "a role with write");
    } else checkActuator(check, column, path);
  }
}

function checkActuator(check: RigCheck, column: RoleColumn, path: Path): void {
  checkDeviceSide(check, column);
  const says = own(check.rig.actuators, column.name);
  if (says === undefined) return;
  const { dimension } = column;
  const ceiling = quantityAt(check, [...path, "ceiling"], says.ceiling, dimension);
  const floor =
    says.floor === undefined ? 0 : quantityAt(check, [...path, "floor"], says.floor, dimension);
  checkRamp(check, [...path, "ramp"], says.ramp, dimension);
  if (floor > ceiling) say2(check, [...path, "floor"], says.floor ?? "0", "ceiling", says.ceiling);
  for (const [key, text] of safeEntries(says)) {
    const at = [...path, ...key];
    const safe = quantityAt(check, at, text, dimension);
    if (floor > safe) say2(check, at, text, "floor", says.floor ?? "0");
    if (safe > ceiling) say2(check, at, text, "ceiling", says.ceiling);
  }
  if (says.atRest !== undefined) quantityAt(check, [...path, "atRest"], says.atRest, dimension);
  checkNeeds(check, says, path);
  checkRelease(check, column.name, says, path);
}

function safeEntries({ safe }: ActuatorFile): [Path, string][] {
  if (typeof safe === "string") return [[["safe"], safe]];
  return [
    [["safe", "trip"], safe.trip],
    [["safe", "isolate"], safe.isolate],
  ];
}

/** What must be seen first must be read by a device, not worked out: the safe plan knows no derivations. */
function checkNeeds(check: RigCheck, { needs = [] }: ActuatorFile, path: Path): void {
  needs.forEach(({ role, below }, i) => {
    const at = [...path, "needs", i];
    const column = columnNamed(check.columns, role);
    if (column?.says.read === undefined) {
      const readable = check.columns.filter((c) => c.says.read !== undefined).map((c) => c.name);
      check.say([...at, "role"], show(role), `a role with read, ${suggest(role, readable)}`);
    } else if (pointOf(check, column.says.read)?.scaleFrom !== undefined) {
      const expected = "a role whose point has a scale of its own: the safe plan knows no other";
      check.say([...at, "role"], `${show(role)}, scaled by another register`, expected);
    } else quantityAt(check, [...at, "below"], below, column.dimension);
  });
}

/** Letting go must not be what hurts (docs/safety.md, "Load release"). */
function checkRelease(check: RigCheck, role: string, says: ActuatorFile, path: Path): void {
  const at = [...path, "onRelease"];
  if (says.onRelease === "drops" && says.heldBy === undefined) {
    check.say(
      at,
      '"drops" with nothing that holds the load',
      "heldBy: the brake or valve that holds it without power",
    );
  }
  if (says.onRelease !== "runs-away" || says.needs !== undefined) return;
  const { actuators, exposure } = check.rig;
  const speed = own(actuators, exposure.speed);
  if (role === exposure.speed || speed === undefined || speed.safeOrder < says.safeOrder) return;
  const expected = `a safeOrder after ${exposure.speed}, or needs: [{ role: ${exposure.speed}, below: ... }]`;
  check.say(at, '"runs-away" released while the drive may still turn', expected);
}

function say2(check: RigCheck, path: Path, found: string, beside: string, value: string): void {
  check.say(path, `${show(found)} beside the ${beside} "${value}"`, "floor <= safe <= ceiling");
}

/** The device must know this point as an actuator: only then it has a safe command. */
function checkDeviceSide({ rig, types, say }: RigCheck, column: RoleColumn): void {
  const binding = column.says.write ?? "";
  const { device, point } = splitBinding(binding);
  const type = types.get(own(rig.devices, device)?.type ?? "");
  if (own(type?.points, point) === undefined || type === undefined) return;
  const actuators = type.actuators ?? [];
  if (actuators.some((a) => a.point === point)) return;
  const names = actuators.map((a) => a.point);
  const expected =
    names.length === 0
      ? `a device type with actuators (${type.type} has none)`
      : `a point with a safe command, ${suggest(point, names)}`;
  say([...column.path, "write"], `${binding}, which is no actuator of ${type.type}`, expected);
}

function quantityAt(check: RigCheck, path: Path, text: string, dimension: Dimension): number {
  const quantity = parseQuantity(text);
  const fits = quantity !== undefined && !quantity.perSecond && quantity.dimension === dimension;
  if (fits) return quantity.value;
  // Zero needs no unit: there is only one zero speed.
  if (quantity?.value === 0 && quantity.dimension === "ratio" && !isOffset(dimension)) return 0;
  check.say(path, show(text), quantityExpected(`a ${dimension}`, text, dimension));
  return Number.NaN;
}

function isOffset(dimension: Dimension): boolean {
  return dimension === "temperature";
}

function checkRamp({ say }: RigCheck, path: Path, text: string, dimension: Dimension): void {
  const rate = rampPerSecond(text, dimension);
  if (rate === undefined) {
    say(path, show(text), quantityExpected(`a ${dimension} per time`, text, dimension, true));
  } else if (!(rate > 0)) say(path, show(text), "a rate above zero");
}

/**
 * Can the points carry ceiling, floor and safe value at all? A ceiling the register cannot hold is a
 * wrong scale; a reading that cannot show a way round which the rig may turn would count no turns. Only for a rig whose roles and quantities are right.
 */
export function checkCarried(check: RigCheck): void {
  for (const facts of actuatorFacts(check)) {
    const { ceiling, floor, safe } = facts;
    const column = check.columns[facts.column];
    if (column === undefined) continue;
    for (const [key, value] of Object.entries({ ceiling, floor, safe })) {
      checkFits(check, column, column.says.write, ["actuators", facts.role, key], value);
    }
    if (column.says.read === undefined || column.says.read === column.says.write) continue;
    for (const value of [floor, ceiling]) {
      checkFits(check, column, column.says.read, [...column.path, "read"], value);
    }
  }
}

function checkFits(
  check: RigCheck,
  column: RoleColumn,
  binding: string | undefined,
  path: Path,
  value: number,
): void {
  if (binding === undefined) return;
  const point = pointOf(check, binding);
  const device = check.rig.devices[splitBinding(binding).device];
  const type = check.types.get(device?.type ?? "");
  // What a factor from another register makes of it only shows on the device.
  if (point === undefined || type === undefined || point.scaleFrom !== undefined) return;
  const { values } = parameterValues(type, device?.parameters);
  const encoded = compilePoint(point, values).encode(
    new Mapping(column.says, point.unit).toPoint(value),
  );
  if (encoded.ok) return;
  const which = formatQuantity(value, column.unit);
  check.say(path, `${which}, which ${binding} cannot carry`, `a value it can (${encoded.problem})`);
}
