/** A site for one plant: rig file with the plant's places, a short profile, folders for records and state. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LineKind, PlantConfig } from "./config.js";

export type DriveKind = "md" | "asda" | "acs580";

export type Wishes = {
  drive?: DriveKind;
  lines?: LineKind;
  /** Of the profile: `hold`, `resume`, `end`. */
  interruption?: string;
  safeWithin?: string;
  rig?: string;
};

const fullRpm = 6000;

/** A drive and an analogue output as actuators on lines of their own, two thermometers on a third. */
export function plantOf({ drive = "md", lines = "tcp" }: Wishes): PlantConfig {
  return {
    lines: { drive: { kind: lines }, io: { kind: lines }, sensors: { kind: lines } },
    units: [
      { name: "spindle", kind: drive, line: "drive", unit: 1, shaft: "shaft", fullRpm },
      { name: "hydraulics", kind: "adam", line: "io", unit: 31 },
      { name: "thermometer-1", kind: "e5cc", line: "sensors", unit: 11 },
      { name: "thermometer-2", kind: "e5cc", line: "sensors", unit: 12 },
    ],
  };
}

const types = { md: "inovance/md-dialect", asda: "delta/asda-a2", acs580: "abb/acs580" };

const speedOf = {
  md: 'write: spindle.setpoint, read: spindle.running-speed, linear: [["0 %", "0 rpm"], ["100 %", "6000 rpm"]]',
  asda: "write: spindle.speed-setpoint, read: spindle.speed-feedback",
  acs580:
    'write: spindle.reference, read: spindle.actual, linear: [["0 %", "0 rpm"], ["100 %", "6000 rpm"]]',
};

function lineOf(kind: LineKind, place: string): string {
  const wire = 'baud: 115200, format: "8N1"';
  if (kind === "serial") return `{ serial: ${place}, ${wire} }`;
  return kind === "tcp" ? `{ tcp: ${place}, ${wire} }` : `{ tcp: ${place}, framing: rtu, ${wire} }`;
}

function rigText(wishes: Wishes, places: Record<string, string>): string {
  const { drive = "md", lines = "tcp", safeWithin = "1 s", rig = "plant-rig" } = wishes;
  const line = (name: string) => `  ${name}: ${lineOf(lines, places[name]!)}`;
  return `rig: ${rig}
title: One spindle of another hand
for: [ball-bearing, roller-bearing]
cycle: 200 ms
lines:
${["drive", "io", "sensors"].map(line).join("\n")}
devices:
  spindle: { type: ${types[drive]}, line: drive, unit: 1 }
  hydraulics: { type: advantech/adam-4024, line: io, unit: 31 }
  thermometer-1: { type: omron/e5cc, line: sensors, unit: 11 }
  thermometer-2: { type: omron/e5cc, line: sensors, unit: 12 }
roles:
  speed: { unit: rpm, ${speedOf[drive]} }
  load:
    unit: kN
    write: hydraulics.output-0
    read: hydraulics.output-0
    linear: [["4 mA", "0 kN"], ["20 mA", "12 kN"]]
stations:
  s1: { roles: { housing-temperature: { unit: degC, read: thermometer-1.pv } } }
  s2: { roles: { housing-temperature: { unit: degC, read: thermometer-2.pv } } }
actuators:
  load: { ceiling: 12 kN, safe: 0 kN, ramp: 5 kN/s, safeOrder: 1, safeWithin: ${safeWithin} }
  speed: { ceiling: 6000 rpm, safe: 0 rpm, ramp: 600 rpm/s, safeOrder: 2, safeWithin: ${safeWithin} }
limits:
  - { name: overspeed, role: speed, above: 6100 rpm, reaction: trip, message: Too fast. }
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
  rig: string;
  records: string;
  state: string;
  profileFile: string;
  rigFile: string;
  remove(): void;
};

export function makeSite(wishes: Wishes, places: Record<string, string>): Site {
  const { rig = "plant-rig" } = wishes;
  const folder = mkdtempSync(join(tmpdir(), "plant-site-"));
  for (const name of ["rigs", "profiles", "records", "state"]) mkdirSync(join(folder, name));
  const [rigFile, profileFile] = [
    join(folder, "rigs", `${rig}.yaml`),
    join(folder, "profiles/short.yaml"),
  ];
  writeFileSync(rigFile, rigText(wishes, places));
  writeFileSync(profileFile, profileText(wishes.interruption ?? "hold"));
  const [records, state] = [join(folder, "records"), join(folder, "state")];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, rig, records, state, profileFile, rigFile, remove };
}
