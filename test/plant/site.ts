/** A site for one plant: rig file with the plant's places, a short profile, folders for records and state. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LineKind, PlantConfig } from "./config.js";

export type DriveKind = "md" | "asda" | "asda-b3" | "acs580" | "che100";

export type Wishes = {
  drive?: DriveKind;
  lines?: LineKind;
  /** Of the profile: `hold`, `resume`, `end`. */
  interruption?: string;
  safeWithin?: string;
  /** The thermometers share the drive's line, and the drive's type says that any frame there feeds it. */
  fedByFrames?: boolean;
  /** A heater as one more actuator, on the line of the load. */
  heater?: "e5cc" | "drr245";
  /** A digital output as one more actuator, on the line of the load. */
  pump?: boolean;
  /** So many rigs of the kind in one site, one plant behind all of them. */
  rigs?: number;
};

const fullRpm = 6000;
const defaultRig = "plant-rig";

/** Of the names of lines, units and shafts of a rig; nothing where there is one rig only. */
export function suffixes({ rigs = 1 }: Wishes): string[] {
  return rigs === 1 ? [""] : Array.from({ length: rigs }, (_, i) => `-r${i + 1}`);
}

/** Per rig: a drive and an analogue output as actuators on lines of their own, two thermometers on a third. */
export function plantOf(wishes: Wishes): PlantConfig {
  const { drive = "md", lines: lineKind = "tcp", heater, pump } = wishes;
  const lines: PlantConfig["lines"] = {};
  const units: PlantConfig["units"] = [];
  for (const s of suffixes(wishes)) {
    for (const name of ["drive", "io", "sensors"]) {
      lines[`${name}${s}`] = { kind: lineKind };
    }
    const kind = drive === "asda-b3" ? "asda" : drive;
    const spindle = { name: `spindle${s}`, kind, line: `drive${s}`, unit: 1 };
    units.push({ ...spindle, shaft: `shaft${s}`, fullRpm });
    units.push({ name: `hydraulics${s}`, kind: "adam", line: `io${s}`, unit: 31 });
    if (heater !== undefined) {
      units.push({ name: `heater${s}`, kind: heater, line: `io${s}`, unit: 32 });
    }
    if (pump === true) {
      units.push({ name: `outputs${s}`, kind: "adam-digital", line: `io${s}`, unit: 33 });
    }
    for (const n of [1, 2]) {
      const line = `${wishes.fedByFrames === true ? "drive" : "sensors"}${s}`;
      units.push({ name: `thermometer-${n}${s}`, kind: "e5cc", line, unit: 10 + n });
    }
  }
  return { lines, units };
}

const types = {
  md: "inovance/md-dialect",
  asda: "delta/asda-a2",
  "asda-b3": "delta/asda-b3",
  acs580: "abb/acs580",
  che100: "invt/che100",
};
const heaters = { e5cc: "omron/e5cc", drr245: "pixsys/drr245" };

const servoSpeed = "write: spindle.speed-setpoint, read: spindle.speed-feedback";
const percent = 'linear: [["0 %", "0 rpm"], ["100 %", "6000 rpm"]]';
const speedOf = {
  md: `write: spindle.setpoint, read: spindle.running-speed, ${percent}`,
  asda: servoSpeed,
  "asda-b3": servoSpeed,
  acs580: `write: spindle.reference, read: spindle.actual, ${percent}`,
  che100: `write: spindle.setpoint, read: spindle.setpoint, ${percent}`,
};

function lineOf(kind: LineKind, place: string): string {
  const wire = 'baud: 115200, format: "8N1"';
  if (kind === "serial") return `{ serial: ${place}, ${wire} }`;
  return kind === "tcp" ? `{ tcp: ${place}, ${wire} }` : `{ tcp: ${place}, framing: rtu, ${wire} }`;
}

function rigText(wishes: Wishes, suffix: string, places: Record<string, string>): string {
  const { drive = "md", lines = "tcp", safeWithin = "1 s", heater, pump } = wishes;
  const more = (is: boolean, text: string) => (is ? `\n${text}` : "");
  // A role that only reads its setpoint back cannot be above its ceiling.
  const overspeed = drive === "che100" ? "5900 rpm" : "6100 rpm";
  const sensors = wishes.fedByFrames === true ? "drive" : "sensors";
  const line = (name: string) => `  ${name}: ${lineOf(lines, places[`${name}${suffix}`]!)}`;
  return `rig: ${defaultRig}${suffix}
title: One spindle of another hand
for: [ball-bearing, roller-bearing]
cycle: 200 ms
lines:
${[...new Set(["drive", "io", sensors])].map(line).join("\n")}
devices:
  spindle: { type: ${types[drive]}, line: drive, unit: 1 }
  hydraulics: { type: advantech/adam-4024, line: io, unit: 31 }${more(
    heater !== undefined,
    `  heater: { type: ${heaters[heater ?? "e5cc"]}, line: io, unit: 32 }`,
  )}${more(pump === true, "  outputs: { type: advantech/adam-4150, line: io, unit: 33 }")}
  thermometer-1: { type: omron/e5cc, line: ${sensors}, unit: 11 }
  thermometer-2: { type: omron/e5cc, line: ${sensors}, unit: 12 }
roles:
  speed: { unit: rpm, ${speedOf[drive]} }
  load:
    unit: kN
    write: hydraulics.output-0
    read: hydraulics.output-0
    linear: [["4 mA", "0 kN"], ["20 mA", "12 kN"]]${more(
      heater !== undefined,
      "  oil: { unit: degC, write: heater.sp, read: heater.pv }",
    )}${more(pump === true, '  pump: { unit: "1", write: outputs.output-0, read: outputs.output-0 }')}
stations:
  s1: { roles: { housing-temperature: { unit: degC, read: thermometer-1.pv } } }
  s2: { roles: { housing-temperature: { unit: degC, read: thermometer-2.pv } } }
actuators:
  load: { ceiling: 12 kN, safe: 0 kN, ramp: 5 kN/s, safeOrder: 1, safeWithin: ${safeWithin} }
  speed: { ceiling: 6000 rpm, safe: 0 rpm, ramp: 600 rpm/s, safeOrder: 2, safeWithin: ${safeWithin} }${more(
    heater !== undefined,
    `  oil: { ceiling: 90 degC, safe: 20 degC, floor: 0 degC, ramp: 10 K/s, safeOrder: 1, safeWithin: ${safeWithin} }`,
  )}${more(
    pump === true,
    `  pump: { ceiling: "1", safe: "0", ramp: "1 1/s", safeOrder: 3, safeWithin: ${safeWithin} }`,
  )}
limits:
  - { name: overspeed, role: speed, above: ${overspeed}, reaction: trip, message: Too fast. }
  - { name: overload, role: load, above: 8 kN, reaction: trip, message: Too much load. }
  - { name: housing-hot, role: housing-temperature, above: 130 degC, reaction: trip, message: Too hot. }
exposure: { speed: speed, load: load }
atStress: { speed: 5 %, load: 5 % }
`;
}

function profileText(interruption: string): string {
  return `profile: short
title: Up and there for an hour
for: [ball-bearing, roller-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN, housing-temperature: degC }
limits:
  - { name: warm, role: housing-temperature, above: 60 degC, reaction: hold, message: Warm. }
steps:
  - name: up
    ramp: { to: { speed: 600 rpm, load: 1 kN }, over: 1 s }
  - name: there
    dwell: { time: 1 h }
interruption: ${interruption}
`;
}

export type Site = {
  folder: string;
  /** The first of them. */
  rig: string;
  rigs: readonly string[];
  records: string;
  state: string;
  profileFile: string;
  rigFile: string;
  remove(): void;
};

export function makeSite(wishes: Wishes, places: Record<string, string>): Site {
  const folder = mkdtempSync(join(tmpdir(), "plant-site-"));
  for (const name of ["rigs", "profiles", "records", "state"]) mkdirSync(join(folder, name));
  const fileOf = (rig: string) => join(folder, "rigs", `${rig}.yaml`);
  const rigs = suffixes(wishes).map((suffix) => {
    const rig = `${defaultRig}${suffix}`;
    writeFileSync(fileOf(rig), rigText(wishes, suffix, places));
    return rig;
  });
  if (wishes.fedByFrames === true) writeFramesType(folder, wishes.drive ?? "md");
  const profileFile = join(folder, "profiles/short.yaml");
  writeFileSync(profileFile, profileText(wishes.interruption ?? "hold"));
  const [records, state] = [join(folder, "records"), join(folder, "state")];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const rig = rigs[0]!;
  return { folder, rig, rigs, records, state, profileFile, rigFile: fileOf(rig), remove };
}

/** The shipped type with one word more, in the site's own folder: it comes first. */
function writeFramesType(folder: string, drive: DriveKind): void {
  const shipped = fileURLToPath(new URL(`../../../devices/${types[drive]}.yaml`, import.meta.url));
  const file = join(folder, "devices", `${types[drive]}.yaml`);
  const says = readFileSync(shipped, "utf8").replace(/^ {2}feeds: .*\n/m, "");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, says.replace(/^watchdog:$/m, "$&\n  feeds: frames"));
}
