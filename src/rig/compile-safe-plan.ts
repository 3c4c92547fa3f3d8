/** A loaded rig compiled to its safe plan: frames, read-backs, proofs; nothing is left to be looked up. */
import { assert } from "../base/error.js";
import { planWrite } from "../device/command.js";
import { type Condition, type Conditions, valuesOf } from "../device/condition.js";
import { pointValue } from "../device/point-value.js";
import { type BoundActuator, canonical, effectTolerance } from "./actuator.js";
import { confirmation, safeSteps } from "./actuator-steps.js";
import { columnNamed, splitBinding } from "./column.js";
import { type LoadedDevice, milliseconds } from "./device.js";
import type { LoadedRig } from "./loaded-rig.js";
import { Mapping } from "./mapping.js";
import type { NeedFile } from "./rig-file.js";
import type {
  Ask,
  Need,
  PlanActuator,
  PlanDevice,
  PlanStep,
  PlanWrite,
  RigPlan,
  Test,
} from "./safe-plan.js";
import type { SafeCause } from "./safety.js";

/** Raw values of `scaleFrom` points that were read, by `device.point`. */
export type Factors = ReadonlyMap<string, number>;

/** Before anything was read: no fingerprint, no watchdog, no factor. */
export function compileSafePlan(
  loaded: LoadedRig,
  actuators: readonly BoundActuator[],
  factors: Factors = new Map(),
): RigPlan {
  const devices = [...loaded.devices.values()].map((d) => [d.name, planDevice(d)] as const);
  return {
    devices: Object.fromEntries(devices),
    actuators: actuators.map((a) => planActuator(loaded, a, factors)),
  };
}

function planDevice(device: LoadedDevice): PlanDevice {
  const { type, line, unit, timing } = device;
  const identity = type.identify.map((check) => ask(device, check.point, { identity: check }));
  const weak = type.identify.length === 0 ? (type.identifyNote ?? "") : (type.identifyWeak ?? null);
  return {
    line,
    unit,
    type: type.type,
    timing,
    identity,
    weak,
    fingerprint: [],
    watchdog: null,
  };
}

function planActuator(loaded: LoadedRig, bound: BoundActuator, factors: Factors): PlanActuator {
  const { facts, point } = bound;
  const { device } = bound.session;
  const file = loaded.rig.actuators[facts.role];
  const says = device.type.actuators?.find((a) => a.point === point);
  const acted = asksOf(device, says?.acted);
  const held = both((cause) => heldAsks(bound, cause, factors));
  const effect = both((cause) => effectAsks(loaded, bound, cause));
  return {
    role: facts.role,
    device: device.name,
    safeOrder: facts.safeOrder,
    safeWithinMs: facts.safeWithinMs,
    energised: false,
    runOnMs: file?.runOn === undefined ? null : milliseconds(file.runOn, 0),
    needs: (file?.needs ?? []).flatMap((need) => needOf(loaded, need)),
    steps: both((cause) => stepsOf(bound, cause, factors)),
    obeys: asksOf(device, says?.obeys),
    acted,
    held,
    effect,
    best: bestOf(effect.trip, acted, held.trip),
  };
}

function both<T>(of: (cause: SafeCause) => T): Record<SafeCause, T> {
  return { trip: of("trip"), isolate: of("isolate") };
}

function bestOf(
  effect: readonly Ask[],
  acted: readonly Ask[],
  held: readonly Ask[],
): PlanActuator["best"] {
  if (effect.length > 0) return "effect";
  if (acted.length > 0) return "acted";
  return held.length > 0 ? "held" : "asked";
}

/** The safe value in the point's unit. */
function safeValue({ facts, mapping }: BoundActuator, cause: SafeCause): number {
  return mapping.toPoint(cause === "isolate" ? facts.isolate : facts.safe);
}

function stepsOf(bound: BoundActuator, cause: SafeCause, factors: Factors): PlanStep[] {
  const { device } = bound.session;
  const steps = safeSteps(device.type, bound.point, safeValue(bound, cause));
  return steps.map(({ does, write, expect, withinMs, waitMs }) => ({
    does,
    writes: write.flatMap(({ point, value }) => writeOf(device, point, value, factors)),
    expect: expect.map(({ point, value }) => ask(device, point, near(value))),
    withinMs,
    waitMs,
  }));
}

/** None where the words cannot be made before the device told its factor. */
function writeOf(
  device: LoadedDevice,
  name: string,
  value: number,
  factors: Factors,
): readonly PlanWrite[] {
  const factor = factorOf(device, name, factors);
  const plan = planWrite(device.type, device.codecs, name, value, factor);
  const point = device.type.points[name];
  if (!plan.ok || point === undefined) return [];
  const { request } = plan;
  const confirm = confirmation(point);
  const { table, address } = point;
  const count = request.values.length;
  const readBack = confirm === "value" ? ({ kind: "read", table, address, count } as const) : null;
  return [{ name, request, eeprom: point.write?.persist === "eeprom", confirm, readBack }];
}

function factorOf(device: LoadedDevice, name: string, factors: Factors): number | undefined {
  const codec = device.codecs.get(name);
  if (codec?.scaleFrom === undefined) return undefined;
  const raw = factors.get(`${device.name}.${codec.scaleFrom}`);
  return raw === undefined ? Number.NaN : codec.factorOf(raw);
}

/** The setpoint's own register, where it can be read again. */
function heldAsks(bound: BoundActuator, cause: SafeCause, factors: Factors): Ask[] {
  const { device } = bound.session;
  const [write] = writeOf(device, bound.point, safeValue(bound, cause), factors);
  if (write === undefined || write.readBack === null) return [];
  return [ask(device, bound.point, { words: write.request.values })];
}

/** A reading of the role by another device than the one that drives it. */
function effectAsks(loaded: LoadedRig, { facts, session }: BoundActuator, cause: SafeCause): Ask[] {
  const column = loaded.columns[facts.column];
  const binding = column?.says.read;
  if (column === undefined || binding === undefined) return [];
  const { device: name, point } = splitBinding(binding);
  const device = loaded.devices.get(name);
  if (device === undefined || name === session.device.name) return [];
  const safe = cause === "isolate" ? facts.isolate : facts.safe;
  const tolerance = effectTolerance(loaded.rig, facts);
  return range(device, point, column.says, safe - tolerance, safe + tolerance);
}

function needOf(loaded: LoadedRig, need: NeedFile): Need[] {
  const column = columnNamed(loaded.columns, need.role);
  const { device: name, point } = splitBinding(column?.says.read ?? "");
  const device = loaded.devices.get(name);
  if (column === undefined || device === undefined) return [];
  const most = milliseconds(need.atMost, Number.NaN);
  const below = canonical(need.below);
  const [question] = range(device, point, column.says, -below, below);
  if (question === undefined) return [];
  const atMostMs = Number.isNaN(most) ? null : most;
  return [{ ask: question, forMs: milliseconds(need.for, 0), atMostMs }];
}

/** A question about a role's value, its bounds said in the point's unit. A scaled point has no bounds yet. */
function range(
  device: LoadedDevice,
  point: string,
  says: ConstructorParameters<typeof Mapping>[0],
  least: number,
  most: number,
): Ask[] {
  const unit = device.type.points[point]?.unit;
  if (unit === undefined || device.codecs.get(point)?.scaleFrom !== undefined) return [];
  const mapping = new Mapping(says, unit);
  const [a, b] = [mapping.toPoint(least), mapping.toPoint(most)];
  return [ask(device, point, { between: [Math.min(a, b), Math.max(a, b)] })];
}

function asksOf(device: LoadedDevice, conditions: Conditions | undefined): Ask[] {
  return Object.entries(conditions ?? {}).map(([point, condition]) =>
    ask(device, point, testOf(device, point, condition)),
  );
}

function testOf({ type }: LoadedDevice, point: string, condition: Condition): Test {
  if (typeof condition === "object" && "atMost" in condition) {
    return { between: [-condition.atMost, condition.atMost] };
  }
  return { anyOf: valuesOf(condition).map((value) => pointValue(type, point, value)) };
}

function near(value: number): Test {
  return { anyOf: [value] };
}

export function ask(device: LoadedDevice, name: string, test: Test): Ask {
  const point = device.type.points[name];
  const codec = device.codecs.get(name);
  assert(point !== undefined && codec !== undefined, `${device.name} has the point ${name}`);
  const { table, address } = point;
  const request = { kind: "read" as const, table, address, count: codec.registers };
  return { device: device.name, name, request, point, parameters: device.parameters, test };
}
