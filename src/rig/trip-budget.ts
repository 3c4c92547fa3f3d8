/**
 * Can a stop reach its devices in time? The longest exchange a stop may find on the wire, and the
 * exchanges the stop itself needs, against the rig's `tripBudget` (docs/rigs.md). A rig whose wiring
 * cannot hold its budget is refused before it ever turns.
 */
import { formatNumber, parseQuantity } from "../base/quantity.js";
import { planWrite } from "../device/command.js";
import type { Request } from "../device/request.js";
import { replyLength, requestLength } from "../device/rtu-frame.js";
import { bitsPerCharOf, rtuMs, t35Ms } from "../device/wire-time.js";
import { safeTexts } from "./actuator.js";
import { confirmation, safeSteps } from "./actuator-steps.js";
import type { RigCheck } from "./check-context.js";
import { columnNamed, splitBinding } from "./column.js";
import { type LoadedDevice, loadDevices } from "./device.js";
import { Mapping } from "./mapping.js";
import { blocksOf } from "./read-plan.js";
import type { LineFile } from "./rig-file.js";

/** What one line contributes to the stop of one safe-order group. */
type Share = { line: string; longestMs: number; longest: string; stopMs: number };

export function checkTripBudget(check: RigCheck): void {
  const { rig, say } = check;
  const budget = rig.tripBudget === undefined ? undefined : parseQuantity(rig.tripBudget)?.value;
  if (budget === undefined) return;
  if (!checkGateways(check)) return;
  const devices = loadDevices(rig, check.types);
  const orders = [...new Set(Object.values(rig.actuators).map((a) => a.safeOrder))];
  // Groups follow each other; within a group the lines work side by side.
  const slowest = orders.map((order) => slowestShare(check, devices, order));
  const needed = slowest.reduce((sum, s) => sum + s.longestMs + s.stopMs, 0);
  if (needed <= budget) return;
  const parts = slowest.map(
    (s) =>
      `line ${s.line}: ${ms(s.longestMs)} for ${s.longest} in the way, ${ms(s.stopMs)} to stop`,
  );
  const found = `${rig.tripBudget}, but a stop may need ${ms(needed)} (${parts.join("; ")})`;
  say(["tripBudget"], found, "a faster line, shorter reads or a larger budget");
}

function ms(value: number): string {
  return `${formatNumber(Math.ceil(value))} ms`;
}

/** The wire behind a gateway counts, so its baud must be known. */
function checkGateways({ rig, types, say }: RigCheck): boolean {
  let known = true;
  for (const [name, line] of Object.entries(rig.lines)) {
    if (line.tcp === undefined || line.baud !== undefined) continue;
    const isRtu = (type: string) => types.get(type)?.link.framings.includes("tcp") === false;
    if (!Object.values(rig.devices).some((d) => d.line === name && isRtu(d.type))) continue;
    say(["lines", name, "baud"], "nothing", "the baud behind the gateway: tripBudget needs it");
    known = false;
  }
  return known;
}

function slowestShare(
  check: RigCheck,
  devices: ReadonlyMap<string, LoadedDevice>,
  order: number,
): Share {
  const shares = Object.entries(check.rig.lines).map(([name, line]) => {
    const on = [...devices.values()].filter((d) => d.line === name);
    return {
      line: name,
      ...longestExchange(check, line, on),
      stopMs: stopMs(check, line, on, order),
    };
  });
  const working = shares.filter((s) => s.stopMs > 0);
  return working.reduce((a, b) => (a.longestMs + a.stopMs >= b.longestMs + b.stopMs ? a : b));
}

function longestExchange(check: RigCheck, line: LineFile, devices: readonly LoadedDevice[]) {
  let longestMs = 0;
  let longest = "nothing";
  for (const device of devices) {
    for (const block of blocksOf(check.columns, device.name, device.type)) {
      const { table, address, count } = block;
      const took = exchangeMs(line, device, { kind: "read", table, address, count });
      if (took <= longestMs) continue;
      longestMs = took;
      longest = `${count} registers of ${device.name}`;
    }
  }
  return { longestMs, longest };
}

/** Writes, read-backs and waits of the safe steps of this group's actuators on this line. */
function stopMs(
  check: RigCheck,
  line: LineFile,
  devices: readonly LoadedDevice[],
  order: number,
): number {
  let total = 0;
  for (const [role, actuator] of Object.entries(check.rig.actuators)) {
    const column = columnNamed(check.columns, role);
    const binding = splitBinding(column?.says.write ?? "");
    const device = devices.find((d) => d.name === binding.device);
    const point = device?.type.points[binding.point];
    if (actuator.safeOrder !== order || column === undefined) continue;
    if (device === undefined || point === undefined) continue;
    const safe = parseQuantity(safeTexts(actuator).trip)?.value ?? 0;
    const value = new Mapping(column.says, point.unit).toPoint(safe);
    for (const step of safeSteps(device.type, binding.point, value)) {
      for (const write of step.write) total += confirmedMs(line, device, write.point, write.value);
      total += step.waitMs;
    }
  }
  return total;
}

function confirmedMs(line: LineFile, device: LoadedDevice, name: string, value: number): number {
  const plan = planWrite(device.type, device.codecs, name, value);
  const point = device.type.points[name];
  if (!plan.ok || point === undefined) return 0;
  const written = exchangeMs(line, device, plan.request);
  if (confirmation(point) !== "value") return written;
  const count = device.codecs.get(name)?.registers ?? 1;
  const { table, address } = point;
  return written + exchangeMs(line, device, { kind: "read", table, address, count });
}

/** Silence, request, turnaround, reply; also for the length of a cycle. A TCP line without baud has no wire worth counting. */
export function exchangeMs(line: LineFile, device: LoadedDevice, request: Request): number {
  const { turnaroundMs, silenceMs } = device.timing;
  if (line.baud === undefined) return turnaroundMs;
  const bits = bitsPerCharOf(line.format ?? "8E1");
  const bytes = requestLength(request) + replyLength(request);
  const silence = Math.max(t35Ms(line.baud, bits), silenceMs);
  return silence + rtuMs(bytes, line.baud, bits) + turnaroundMs;
}
