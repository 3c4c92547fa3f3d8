import { assert } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import type { Column } from "../base/sample.js";
import { placeOf, placesOf, type SetpointOrder } from "../base/setpoint.js";
import { type CompiledLimit, expandLimits } from "../limit/compile.js";
import { damageRate } from "../profile/life.js";
import type { Product } from "../profile/product.js";
import type { Baseline, Program } from "../profile/program.js";
import { counterOf } from "../rig/counter.js";
import { gapOf } from "../rig/gap.js";
import type { Constant, LoadedRig } from "../rig/loaded-rig.js";
import { resolutionsOf } from "../rig/resolution.js";
import type { ActuatorFacts, Rig } from "../rig/rig.js";
import type { LearningContext, RunContext, StationContext } from "./run-context.js";
import type { TurnCounter } from "./turn-counter.js";

/** What the composition knows beyond the rig and the program. */
export type ContextParts = {
  rig: Pick<Rig, "columns" | "actuators" | "cycleMs">;
  program: Program;
  /** The rig's own limits, expanded; those that trip are the guard's and left out here. */
  rigLimits: readonly CompiledLimit[];
  stations: readonly StationParts[];
  exposure: {
    speed: string;
    load: string;
    power?: string;
    cyclesPerTurn?: number;
    powerCeilingW?: number;
    /** A role that counts turns or load cycles, and where it begins again, in its canonical unit. */
    turns?: { role: string; wrapsAt: number };
  };
  /** Role: how near its setpoint counts as at stress, as a share. */
  atStress: Readonly<Record<string, number>>;
  /** By column, what one step of its reading hides (canonical); without it nothing. */
  resolutions?: readonly number[];
  /** Roles that have one value all the time: a dead weight, a spring. */
  constants?: readonly Constant[];
};

export type StationParts = Pick<StationContext, "name" | "group" | "specimen" | "damageRate">;

/** A checkpoint only shortens a restart, which folds what came after; once an hour is plenty. */
const checkpointMs = 3_600_000;

/** A run as its files have it. */
type RunParts = Pick<ContextParts, "rig" | "program"> & {
  loaded: LoadedRig;
  placed: readonly { station: string; specimen: string; product: Product }[];
};

/** What does not change during a run, made of its files. */
export function contextOf({ loaded, rig, program, placed }: RunParts): RunContext {
  const { atStress, stations } = loaded.rig;
  const { powerCeiling, turns: _role, wrapsAt: _wrap, ...known } = loaded.rig.exposure;
  const turns = counterOf(loaded);
  return makeContext({
    rig,
    program,
    rigLimits: loaded.limits,
    stations: placed.map(({ station, specimen, product }) => ({
      name: station,
      group: stations[station]?.group ?? "all",
      specimen,
      damageRate: damageRate(product),
    })),
    exposure: {
      ...known,
      ...(powerCeiling === undefined ? {} : { powerCeilingW: number(powerCeiling) }),
      ...(turns === undefined ? {} : { turns }),
    },
    resolutions: resolutionsOf(loaded),
    constants: loaded.constants,
    atStress: Object.fromEntries(
      Object.entries(atStress).map(([role, text]) => [role, number(text)]),
    ),
  });
}

/** Canonical value of a quantity that the schema has checked. */
function number(text: string): number {
  const quantity = parseQuantity(text);
  assert(quantity !== undefined, `${text} was checked`);
  return quantity.value;
}

/** Looks every role up once, so that `decide` works with numbers only. */
export function makeContext(parts: ContextParts): RunContext {
  const { rig, program, exposure } = parts;
  const { columns, actuators } = rig;
  const { constants = [] } = parts;
  const own = parts.rigLimits.filter((limit) => limit.reaction !== "trip");
  const order = actuators.map(({ role }) => role);
  assert(
    program.setpointRoles.every((role, i) => role === order[i]),
    "a program is compiled for its rig: both have one order of setpoints",
  );
  const profile = expandLimits(program.limits, columns, order);
  const limits = [...own, ...profile];
  const { booked, bookedAt } = bookedOf(parts, order);
  const speedColumn = columnOf(columns, exposure.speed);
  const powerColumn = exposure.power === undefined ? -1 : columnOf(columns, exposure.power);
  return {
    program,
    columns,
    cycleMs: rig.cycleMs,
    gapMs: gapOf(rig.cycleMs),
    booked,
    actuators,
    places: placesOf(order),
    baselines: learningOn(program.baselines ?? [], columns, parts.stations),
    limits,
    limitStations: limits.map((l) => parts.stations.findIndex((s) => s.name === l.station)),
    rigLimits: own.length,
    limitsInForce: inForce(program, own.length, profile),
    stations: parts.stations.map((s) => {
      const column = loadColumn(columns, s.name, exposure.load);
      const loadCeiling = ceilingOf(actuators, constants, columns, column);
      return { ...s, loadBooked: bookedAt(column), loadCeiling };
    }),
    speedColumn,
    powerColumn,
    speedBooked: bookedAt(speedColumn),
    powerBooked: powerColumn < 0 ? -1 : bookedAt(powerColumn),
    startsTurning: (actuators.find((a) => a.role === exposure.speed)?.floor ?? 0) !== 0,
    powerCeilingW: exposure.powerCeilingW ?? Number.NaN,
    cyclesPerTurn: exposure.cyclesPerTurn ?? 1,
    turnCounter: turnCounterOf(parts),
    speedCeilingRpm: ceilingOf(actuators, constants, columns, speedColumn),
    atStress: Object.entries(parts.atStress).map(([role, share]) => ({
      booked: bookedAt(columnOf(columns, role)),
      setpoint: placeOf(order, role),
      share,
    })),
    checkpointMs,
  };
}

/** Nobody learns of an empty place. */
function learningOn(
  baselines: readonly Baseline[],
  columns: readonly Column[],
  stations: readonly StationParts[],
): LearningContext[] {
  const isEmpty = (name: string) => !stations.some((station) => station.name === name);
  return baselines.flatMap((baseline) =>
    columns.flatMap(({ role, station, unit }, column) => {
      if (role !== baseline.role || (station !== undefined && isEmpty(station))) return [];
      return [{ ...baseline, column, unit, ...(station === undefined ? {} : { station }) }];
    }),
  );
}

function columnOf(columns: readonly Column[], name: string): number {
  const index = columns.findIndex((c) => c.name === name);
  assert(index >= 0, `the checked rig reads its role ${name}`);
  return index;
}

/**
 * The most a quantity can be, either way round. One that is neither constant nor bounded by an actuator has no
 * ceiling: unknown exposure is then unbounded above.
 */
function ceilingOf(
  actuators: readonly ActuatorFacts[],
  constants: readonly Constant[],
  columns: readonly Column[],
  column: number,
): number {
  const constant = constants.find((c) => c.column === column);
  if (constant !== undefined) return Math.abs(constant.value);
  const found = actuators.find((a) => a.role === columns[column]!.name);
  return found === undefined
    ? Number.NaN
    : Math.max(Math.abs(found.ceiling), Math.abs(found.floor));
}

function turnCounterOf({ rig, exposure, resolutions }: ContextParts): TurnCounter | undefined {
  const { turns, cyclesPerTurn = 1 } = exposure;
  if (turns === undefined) return undefined;
  const column = columnOf(rig.columns, turns.role);
  const turnsPerUnit = rig.columns[column]!.dimension === "cycles" ? 1 / cyclesPerTurn : 1;
  const stepTurns = (resolutions?.[column] ?? 0) * turnsPerUnit;
  return { column, turnsPerUnit, stepTurns, wrapTurns: turns.wrapsAt * turnsPerUnit };
}

/** A station's own load, else the one of the whole rig. */
function loadColumn(columns: readonly Column[], station: string, load: string): number {
  const own = columns.findIndex((c) => c.name === `${station}.${load}`);
  return own >= 0 ? own : columnOf(columns, load);
}

/** The columns that exposure is booked from, each once. */
function bookedOf(parts: ContextParts, order: SetpointOrder) {
  const { rig, exposure, stations, atStress, resolutions } = parts;
  const { columns, actuators } = rig;
  const { speed, power } = exposure;
  const names = [speed, ...(power === undefined ? [] : [power]), ...Object.keys(atStress)];
  const loads = stations.map((s) => loadColumn(columns, s.name, exposure.load));
  const wanted = [...new Set([...names.map((name) => columnOf(columns, name)), ...loads])];
  const booked = wanted.map((column) => ({
    column,
    resolution: resolutions?.[column] ?? 0,
    setpoint: placeOf(order, actuators.find((a) => a.column === column)?.role ?? ""),
  }));
  return { booked, bookedAt: (column: number) => wanted.indexOf(column) };
}

/** Per segment, which limits hold; segments that share their list share the answer. */
function inForce(
  program: Program,
  rigLimits: number,
  profile: readonly CompiledLimit[],
): readonly Uint8Array[] {
  const known = new Map<readonly number[], Uint8Array>();
  return program.segments.map((segment) => {
    const seen = known.get(segment.limits);
    if (seen !== undefined) return seen;
    const flags = new Uint8Array(rigLimits + profile.length).fill(1, 0, rigLimits);
    profile.forEach((limit, i) => {
      if (segment.limits.includes(limit.limitIndex)) flags[rigLimits + i] = 1;
    });
    known.set(segment.limits, flags);
    return flags;
  });
}
