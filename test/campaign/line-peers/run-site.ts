/** A site for one whole run: a meter behind the wire that is tried out, a drive and a load to be made safe. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site } from "../../plant/site.js";
import type { Demand, LinkKind } from "./faults.js";
import { onLeave } from "./leave.js";
import type { Size } from "./row.js";

export type RunSize = Exclude<Size, "bit" | "mix">;

/** First addresses of what lies together, and how much of it. */
const blocks: Record<RunSize, { starts: readonly number[]; count: number }> = {
  "1": { starts: [0, 5, 10, 15], count: 1 },
  "2": { starts: [0, 6, 12], count: 2 },
  "10": { starts: [0, 20], count: 10 },
  bits: { starts: [0, 16, 32], count: 8 },
};

export const rigName = "peers-rig";
/** Steps before the dwell, after it, and what a command takes to begin and to end, go on top. */
export const dwellMs = 9000;

/** What a cycle reads in one exchange: `q7` is the role of what lies at 7. */
export type Read = { code: number; address: number; roles: string[] };

export function readsOf(size: RunSize): Read[] {
  const { starts, count } = blocks[size];
  return starts.map((address) => {
    const roles = Array.from({ length: count }, (_, i) => `q${address + i}`);
    return { code: size === "bits" ? 1 : 3, address, roles };
  });
}

function typeText(size: RunSize, { turnaroundMs }: Demand): string {
  const table = size === "bits" ? "coil" : "holding";
  const as = size === "bits" ? "bit" : "u16";
  const most = size === "bits" ? 1 : blocks[size].count;
  const turnaround = turnaroundMs === undefined ? "" : `, turnaround: ${turnaroundMs} ms`;
  const points = readsOf(size).flatMap(({ address, roles }) =>
    roles.map((role, i) => {
      const where = `table: ${table}, address: ${address + i}, as: ${as}`;
      return `  ${role}: { ${where}, unit: "1", access: read, confidence: derived }`;
    }),
  );
  return `type: peers/meter
maker: Peers
model: meter
title: A meter whose values name their question
source: [{ document: this campaign }]
link: { framings: [rtu, tcp], mostRegistersPerRead: ${most}, gaps: false${turnaround} }
identify: []
identifyNote: everything it holds changes with every question
points:
${points.join("\n")}
examples:
  - { from: this campaign, table: ${table}, address: 0, words: [1], means: { q0: 1 } }
`;
}

function lineText(kind: LinkKind, place: string): string {
  const wire = 'baud: 19200, format: "8E1"';
  if (kind === "rtu") return `{ serial: ${place}, ${wire} }`;
  return kind === "tcp"
    ? `{ tcp: "${place}", baud: 19200 }`
    : `{ tcp: "${place}", framing: rtu, ${wire} }`;
}

function rigText(
  kind: LinkKind,
  size: RunSize,
  demand: Demand,
  wire: string,
  drives: string,
): string {
  const { oneLine, turnaroundMs = 0 } = demand;
  const drivesLine = oneLine === true ? "wire" : "drives";
  const cycleMs = 500 + 4 * turnaroundMs;
  const roles = readsOf(size).flatMap((read) => read.roles);
  return `rig: ${rigName}
title: One spindle and a meter of another hand
for: [ball-bearing, roller-bearing]
cycle: ${cycleMs} ms
tripBudget: 20 s
lines:
  wire: ${lineText(kind, wire)}${oneLine === true ? "" : `\n  drives: ${lineText("tcp", drives)}`}
devices:
  meter: { type: peers/meter, line: wire, unit: 1 }
  spindle: { type: inovance/md-dialect, line: ${drivesLine}, unit: 2 }
  hydraulics: { type: advantech/adam-4024, line: ${drivesLine}, unit: 3 }
roles:
  speed:
    unit: rpm
    write: spindle.setpoint
    read: spindle.running-speed
    linear: [["0 %", "0 rpm"], ["100 %", "6000 rpm"]]
  load:
    unit: kN
    write: hydraulics.output-0
    read: hydraulics.output-0
    linear: [["4 mA", "0 kN"], ["20 mA", "12 kN"]]
${roles.map((role) => `  ${role}: { unit: "1", read: meter.${role} }`).join("\n")}
stations:
  s1: { roles: {} }
actuators:
  load: { ceiling: 12 kN, safe: 0 kN, ramp: 5 kN/s, safeOrder: 1, safeWithin: 5 s }
  speed: { ceiling: 6000 rpm, safe: 0 rpm, ramp: 600 rpm/s, safeOrder: 2, safeWithin: 5 s }
limits: []
exposure: { speed: speed, load: load }
atStress: { speed: 5 %, load: 5 % }
`;
}

const profileText = `profile: short
title: Up, there, down
for: [ball-bearing, roller-bearing]
product: ball-bearing/6206
roles: { speed: rpm, load: kN }
limits: []
steps:
  - name: up
    ramp: { to: { speed: 600 rpm, load: 1 kN }, over: 1 s }
  - name: there
    dwell: { time: ${dwellMs / 1000} s }
`;

/** `drives` is where drive and load stand, when not on the wire. */
export function runSite(
  kind: LinkKind,
  size: RunSize,
  demand: Demand,
  wire: string,
  drives: string,
): Site {
  const folder = mkdtempSync(join(tmpdir(), "peers-site-"));
  for (const name of ["rigs", "profiles", "devices/peers", "records", "state"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const rigFile = join(folder, `rigs/${rigName}.yaml`);
  const profileFile = join(folder, "profiles/short.yaml");
  writeFileSync(join(folder, "devices/peers/meter.yaml"), typeText(size, demand));
  writeFileSync(rigFile, rigText(kind, size, demand, wire, drives));
  writeFileSync(profileFile, profileText);
  const erase = () => rmSync(folder, { recursive: true, force: true });
  const forget = onLeave(erase);
  const remove = () => {
    forget();
    erase();
  };
  const [records, state] = [join(folder, "records"), join(folder, "state")];
  return { folder, rig: rigName, rigs: [rigName], records, state, profileFile, rigFile, remove };
}
