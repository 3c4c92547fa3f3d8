/** Actuators of a rig file: every role that is written has its ceiling, its safe value, its ramp. */
import { type Dimension, parseQuantity } from "../base/quantity.js";
import { type Path, show, suggest } from "../base/schema.js";
import { compilePoint } from "../device/codec.js";
import { parameterValues } from "../device/parameter.js";
import { pointOf, type RigCheck } from "./check.js";
import { columnNamed, type RoleColumn, splitBinding } from "./column.js";
import { Mapping } from "./mapping.js";

export function checkActuators(check: RigCheck): void {
  const { rig, columns, say } = check;
  const written = columns.filter((c) => c.says.write !== undefined);
  for (const column of written) {
    if (rig.actuators[column.name] !== undefined) continue;
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
  const says = check.rig.actuators[column.name];
  if (says === undefined) return;
  const { dimension } = column;
  const ceiling = quantityAt(check, [...path, "ceiling"], says.ceiling, dimension);
  const floor =
    says.floor === undefined ? 0 : quantityAt(check, [...path, "floor"], says.floor, dimension);
  const safe = quantityAt(check, [...path, "safe"], says.safe, dimension);
  checkRamp(check, [...path, "ramp"], says.ramp, dimension);
  if (floor > ceiling) say2(check, path, "floor", says.floor ?? "0", "ceiling", says.ceiling);
  if (floor > safe) say2(check, path, "safe", says.safe, "floor", says.floor ?? "0");
  if (safe > ceiling) say2(check, path, "safe", says.safe, "ceiling", says.ceiling);
  const values = { ceiling, floor, safe };
  for (const [key, value] of Object.entries(values))
    checkFits(check, column, [...path, key], value);
}

function say2(check: RigCheck, path: Path, a: string, av: string, b: string, bv: string): void {
  check.say([...path, a], `${show(av)} beside the ${b} "${bv}"`, "floor <= safe <= ceiling");
}

/** The device must know this point as an actuator: only then it has a safe command. */
function checkDeviceSide({ rig, types, say }: RigCheck, column: RoleColumn): void {
  const binding = column.says.write ?? "";
  const { device, point } = splitBinding(binding);
  const type = types.get(rig.devices[device]?.type ?? "");
  if (type?.points[point] === undefined) return;
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
  check.say(path, show(text), `a ${dimension}`);
  return Number.NaN;
}

function isOffset(dimension: Dimension): boolean {
  return dimension === "temperature";
}

function checkRamp({ say }: RigCheck, path: Path, text: string, dimension: Dimension): void {
  const rate = rampPerSecond(text, dimension);
  if (rate === undefined) say(path, show(text), `a ${dimension} per time`);
  else if (!(rate > 0)) say(path, show(text), "a rate above zero");
}

/** The rate of `500 rpm/s` in canonical units per second; undefined when it is none of the role's. */
export function rampPerSecond(text: string, dimension: Dimension): number | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  // `mm/s` is a velocity and also a length per second; kelvin per second warms a temperature.
  const travel = dimension === "length" && quantity.dimension === "velocity";
  if (travel && !quantity.perSecond) return quantity.value;
  const warms = dimension === "temperature" && quantity.dimension === "temperature difference";
  const fits = quantity.perSecond && (quantity.dimension === dimension || warms);
  return fits ? quantity.value : undefined;
}

/** Can the point carry this value at all? A ceiling the register cannot hold is a wrong scale. */
function checkFits(check: RigCheck, column: RoleColumn, path: Path, value: number): void {
  const binding = column.says.write ?? "";
  const point = pointOf(check, binding);
  const device = check.rig.devices[splitBinding(binding).device];
  const type = check.types.get(device?.type ?? "");
  if (point === undefined || type === undefined || Number.isNaN(value)) return;
  if (point.scaleFrom !== undefined) return;
  const { values, problems } = parameterValues(type, device?.parameters);
  if (problems.length > 0) return;
  const inPoint = new Mapping(column.says, point.unit).toPoint(value);
  // Units that do not fit at all are reported at the role.
  if (!Number.isFinite(inPoint)) return;
  const encoded = compilePoint(point, values).encode(inPoint);
  if (encoded.ok) return;
  check.say(path, `a value ${binding} cannot carry`, `a value it can (${encoded.problem})`);
}
