/**
 * Quantities as people write them (`1500 rpm`, `2.5 mm/s`, `30 min`) and as the code holds them: one
 * canonical unit per dimension, so that inside the code a number needs no unit beside it.
 */

import { nearest } from "./nearest.js";

/** Canonical units, by dimension. */
export const canonicalUnit = {
  time: "ms",
  speed: "rpm",
  torque: "Nm",
  force: "N",
  temperature: "degC",
  "temperature difference": "K",
  velocity: "mm/s",
  acceleration: "m/s2",
  length: "mm",
  angle: "deg",
  stiffness: "Nm/arcmin",
  power: "W",
  energy: "J",
  voltage: "V",
  current: "A",
  frequency: "Hz",
  pressure: "bar",
  "apparent power": "VA",
  "reactive power": "var",
  viscosity: "mm2/s",
  ratio: "1",
  turns: "turns",
  cycles: "cycles",
} as const;

export type Dimension = keyof typeof canonicalUnit;

type Unit = { dimension: Dimension; factor: number; offset?: number };

/** canonical = value * factor + offset */
const units: Record<string, Unit> = Object.assign(Object.create(null) as object, {
  ms: { dimension: "time", factor: 1 },
  s: { dimension: "time", factor: 1e3 },
  min: { dimension: "time", factor: 6e4 },
  h: { dimension: "time", factor: 3.6e6 },
  d: { dimension: "time", factor: 8.64e7 },
  rpm: { dimension: "speed", factor: 1 },
  "r/min": { dimension: "speed", factor: 1 },
  "rad/s": { dimension: "speed", factor: 30 / Math.PI },
  Nm: { dimension: "torque", factor: 1 },
  "N.m": { dimension: "torque", factor: 1 },
  mNm: { dimension: "torque", factor: 1e-3 },
  kNm: { dimension: "torque", factor: 1e3 },
  N: { dimension: "force", factor: 1 },
  kN: { dimension: "force", factor: 1e3 },
  degC: { dimension: "temperature", factor: 1 },
  "°C": { dimension: "temperature", factor: 1 },
  K: { dimension: "temperature difference", factor: 1 },
  "mm/s": { dimension: "velocity", factor: 1 },
  "m/s": { dimension: "velocity", factor: 1e3 },
  "in/s": { dimension: "velocity", factor: 25.4 },
  "m/s2": { dimension: "acceleration", factor: 1 },
  g: { dimension: "acceleration", factor: 9.80665 },
  mm: { dimension: "length", factor: 1 },
  um: { dimension: "length", factor: 1e-3 },
  µm: { dimension: "length", factor: 1e-3 },
  deg: { dimension: "angle", factor: 1 },
  arcmin: { dimension: "angle", factor: 1 / 60 },
  arcsec: { dimension: "angle", factor: 1 / 3600 },
  rad: { dimension: "angle", factor: 180 / Math.PI },
  "Nm/arcmin": { dimension: "stiffness", factor: 1 },
  "Nm/rad": { dimension: "stiffness", factor: Math.PI / 10800 },
  "kNm/rad": { dimension: "stiffness", factor: Math.PI / 10.8 },
  W: { dimension: "power", factor: 1 },
  kW: { dimension: "power", factor: 1e3 },
  J: { dimension: "energy", factor: 1 },
  Wh: { dimension: "energy", factor: 3600 },
  kWh: { dimension: "energy", factor: 3.6e6 },
  V: { dimension: "voltage", factor: 1 },
  mV: { dimension: "voltage", factor: 1e-3 },
  A: { dimension: "current", factor: 1 },
  mA: { dimension: "current", factor: 1e-3 },
  Hz: { dimension: "frequency", factor: 1 },
  bar: { dimension: "pressure", factor: 1 },
  MPa: { dimension: "pressure", factor: 10 },
  VA: { dimension: "apparent power", factor: 1 },
  var: { dimension: "reactive power", factor: 1 },
  "mm2/s": { dimension: "viscosity", factor: 1 },
  "%": { dimension: "ratio", factor: 0.01 },
  "1": { dimension: "ratio", factor: 1 },
  turns: { dimension: "turns", factor: 1 },
  Mturns: { dimension: "turns", factor: 1e6 },
  cycles: { dimension: "cycles", factor: 1 },
  Mcycles: { dimension: "cycles", factor: 1e6 },
} satisfies Record<string, Unit>);

export const unitNames: readonly string[] = Object.keys(units);

/** A number with its dimension, in the canonical unit; rates are per second of that unit. */
export type Quantity = { value: number; dimension: Dimension; perSecond: boolean };

const written = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\S.*?)?\s*$/;

/** Reads `1500 rpm`, `5 kN/min`, `0.3`; undefined when it is no number with a known unit. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = written.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]);
  const name = match[2] ?? "1";
  const unit = units[name];
  if (unit !== undefined) {
    const canonical = value * unit.factor + (unit.offset ?? 0);
    return { value: canonical, dimension: unit.dimension, perSecond: false };
  }
  return parseRate(value, name);
}

function parseRate(value: number, name: string): Quantity | undefined {
  const slash = name.lastIndexOf("/");
  const over = units[name.slice(0, Math.max(slash, 0))];
  const per = units[name.slice(slash + 1)];
  if (slash <= 0 || over === undefined || per?.dimension !== "time") return undefined;
  const perSecond = (value * over.factor) / (per.factor / 1e3);
  return { value: perSecond, dimension: over.dimension, perSecond: true };
}

/**
 * What a person most likely meant by a text that is no quantity of this dimension (`4 kn`, `300 rpm` where a
 * rate is wanted); undefined when nothing is near.
 */
export function nearestQuantity(
  text: string,
  dimension: Dimension,
  rate: boolean,
): string | undefined {
  const match = written.exec(text);
  if (match?.[2] === undefined) return undefined;
  const { over, per } = rateParts(match[2]);
  const names = unitNames.filter((name) => units[name]?.dimension === dimension);
  const unit = nearestUnit(over, names);
  if (unit === undefined) return undefined;
  if (!rate) return per === undefined ? `${match[1]} ${unit}` : undefined;
  const times = unitNames.filter((name) => units[name]?.dimension === "time");
  return `${match[1]} ${unit}/${per === undefined ? "s" : (nearestUnit(per, times) ?? "s")}`;
}

/** `rpm/s` in its halves, unless it is one unit, as mm/s. */
function rateParts(name: string): { over: string; per?: string } {
  const slash = name.lastIndexOf("/");
  if (slash <= 0 || nearestUnit(name, unitNames, true) !== undefined) return { over: name };
  return { over: name.slice(0, slash).trim(), per: name.slice(slash + 1).trim() };
}

/** What people write for units that have a name of their own here. */
const otherNames: Readonly<Record<string, string>> = Object.assign(Object.create(null) as object, {
  "n m": "Nm",
  n·m: "Nm",
  "n⋅m": "Nm",
  "n*m": "Nm",
  "kn m": "kNm",
  kn·m: "kNm",
  c: "degC",
  "℃": "degC",
  celsius: "degC",
  "u/min": "rpm",
  "1/min": "rpm",
  "min-1": "rpm",
});

/** Case is what is wrong most often; very short names are near to everything else. */
function nearestUnit(name: string, names: readonly string[], caseOnly = false): string | undefined {
  const other = otherNames[name.toLowerCase()];
  if (other !== undefined && names.includes(other)) return other;
  const same = names.find((known) => known.toLowerCase() === name.toLowerCase());
  if (same !== undefined || caseOnly || name.length < 3) return same;
  return nearest(name, names);
}

/** Dimension of a unit's name; undefined for a name we do not know. */
export function dimensionOf(unit: string): Dimension | undefined {
  return units[unit]?.dimension;
}

/** From a unit to the canonical unit of its dimension. The unit must be known. */
export function toCanonical(value: number, unit: string): number {
  const u = units[unit];
  return u === undefined ? value : value * u.factor + (u.offset ?? 0);
}

/** From the canonical unit to the named one. The unit must be known. */
export function fromCanonical(value: number, unit: string): number {
  const u = units[unit];
  return u === undefined ? value : (value - (u.offset ?? 0)) / u.factor;
}

/** `1500 rpm`: a canonical value in the named unit, short enough to read. */
export function formatQuantity(value: number, unit: string): string {
  const shown = formatNumber(fromCanonical(value, unit));
  return unit === "1" ? shown : `${shown} ${unit}`;
}

/** At most five significant digits, no exponent between 1e-4 and 1e9, no trailing zeros. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "-" : value > 0 ? "∞" : "-∞";
  if (Math.abs(value) >= 1e5 && Math.abs(value) < 1e9) return value.toFixed(0);
  return String(Number(value.toPrecision(5)));
}

/** `3 h 20 min`, `45 s`, `120 ms`: a duration at the two units a person would say. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "unlimited";
  const s = Math.round(ms / 1000);
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return join(Math.floor(s / 60), "min", s % 60, "s");
  const min = Math.round(ms / 60_000);
  if (min < 48 * 60) return join(Math.floor(min / 60), "h", min % 60, "min");
  const h = Math.round(ms / 3_600_000);
  return join(Math.floor(h / 24), "d", h % 24, "h");
}

/** `408.2 h`: life is counted in hours, however long; below one hour as a person would say it. */
export function formatHours(ms: number): string {
  if (ms < 3.6e6) return formatDuration(ms);
  return `${formatNumber(Number((ms / 3.6e6).toPrecision(4)))} h`;
}

/** `73.43 Mturns`, `204 turns`, `0.29 turns`: a few are not rounded to none. */
export function formatTurns(turns: number): string {
  if (turns < 10) return `${Number(turns.toPrecision(2))} turns`;
  if (turns < 1e5) return `${Math.round(turns)} turns`;
  return `${formatNumber(Number((turns / 1e6).toPrecision(4)))} Mturns`;
}

/**
 * An interval [at least, at most] for a person, each bound by `format`: one number where both agree within a
 * hundredth; `12 to 40 turns` of one unit, else `50 min to 2 h`; `193 turns or more` where nobody knows the upper one (null, or no finite number).
 */
export function formatSpan(
  [least, most]: readonly [number, number | null],
  format: (value: number) => string,
): string {
  if (most === null || !Number.isFinite(most)) return `${format(least)} or more`;
  const [low, high] = [format(least), format(most)];
  if (low === high || most - least <= 0.01 * most) return low;
  const [, number, unit] = /^(\S+) (\S+)$/.exec(low) ?? [];
  const isOneUnit = unit !== undefined && high.split(" ").slice(1).join(" ") === unit;
  return `${isOneUnit ? number : low} to ${high}`;
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

const examples: Record<Dimension, string> = {
  time: "30 min",
  speed: "1500 rpm",
  torque: "12.5 Nm",
  force: "4 kN",
  temperature: "85 degC",
  "temperature difference": "15 K",
  velocity: "4.5 mm/s",
  acceleration: "2 g",
  length: "20 um",
  angle: "1.5 arcmin",
  stiffness: "16 Nm/arcmin",
  power: "1.5 kW",
  energy: "2 kWh",
  voltage: "230 V",
  current: "4 mA",
  frequency: "50 Hz",
  pressure: "120 bar",
  "apparent power": "500 VA",
  "reactive power": "200 var",
  viscosity: "32 mm2/s",
  ratio: "35 %",
  turns: "2 Mturns",
  cycles: "10 Mcycles",
};

/** `4 kN`, or `4 kN/s`: what a quantity of the dimension may look like. */
export function exampleOf(dimension: Dimension, rate = false): string {
  return `${examples[dimension]}${rate ? "/s" : ""}`;
}
