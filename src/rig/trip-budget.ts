/**
 * Can a stop reach its devices in time? The longest exchange a stop may find on the wire, and the
 * exchanges the stop itself needs, against the rig's `tripBudget` (docs/rigs.md). A rig whose wiring
 * cannot hold its budget is refused before it ever turns.
 */
import { formatNumber, parseQuantity } from "../base/quantity.js";
import { asciiLength } from "../device/ascii-frame.js";
import { planWrite } from "../device/command.js";
import type { Request } from "../device/request.js";
import { replyLength, requestLength } from "../device/rtu-frame.js";
import { usualTurnaroundMs } from "../device/timing.js";
import { bitsPerCharOf, rtuMs, t35Ms } from "../device/wire-time.js";
import { safeTexts } from "./actuator.js";
import { confirmation, safeSteps } from "./actuator-steps.js";
import type { RigCheck } from "./check/context.js";
import { columnNamed, splitBinding } from "./column.js";
import { type LoadedDevice, loadDevices } from "./device.js";
import { Mapping } from "./mapping.js";
import { blocksOf } from "./read-plan.js";
import type { LineFile, RigFile } from "./rig-file.js";

/** What one line contributes to the stop of one safe-order group. */
type Share = { line: string; longestMs: number; longest: string; stopMs: number };

/** What stood in for a turnaround that nobody stated, before there was one figure for rigs and commands. */
const earlierTurnaroundMs = 50;

export function checkTripBudget(check: RigCheck): void {
  const budget = budgetOf(check);
  if (budget === undefined || !checkGateways(check)) return;
  const devices = loadDevices(check.rig, check.types);
  const found = overspent(check, devices, budget, false);
  if (found === undefined) return;
  const unsaid = [...devices.values()].filter((device) => !saysTurnaround(check.rig, device));
  // A rig that loaded before there was this figure is not refused for it.
  const earlier = withTurnaround(devices, unsaid, earlierTurnaroundMs);
  if (overspent(check, earlier, budget, false) !== undefined) {
    check.say(["tripBudget"], found, wanted);
    return;
  }
  const names = unsaid.map(({ name }) => name).join(", ");
  const usual = `as ${ms(usualTurnaroundMs)} are allowed where none is stated`;
  check.warn(["tripBudget"], found, `turnaround of ${names} (${usual}), or a larger budget`);
}

/**
 * The budget with all that a step may take that softens before energy is removed (`within`): told, and no rig is
 * refused for it. Of a rig without problems.
 */
export function warnTripBudget(check: RigCheck): void {
  const budget = budgetOf(check);
  if (budget === undefined) return;
  const found = overspent(check, loadDevices(check.rig, check.types), budget, true);
  if (found !== undefined) check.warn(["tripBudget"], found, wanted);
}

const wanted = "a faster line, shorter reads or a larger budget";

function budgetOf({ rig }: RigCheck): number | undefined {
  return rig.tripBudget === undefined ? undefined : parseQuantity(rig.tripBudget)?.value;
}

function saysTurnaround(rig: RigFile, { name, type }: LoadedDevice): boolean {
  return (rig.devices[name]?.turnaround ?? type.link.turnaround) !== undefined;
}

function withTurnaround(
  devices: ReadonlyMap<string, LoadedDevice>,
  of: readonly LoadedDevice[],
  turnaroundMs: number,
): ReadonlyMap<string, LoadedDevice> {
  const others = of.map((device): [string, LoadedDevice] => [
    device.name,
    { ...device, timing: { ...device.timing, turnaroundMs } },
  ]);
  return new Map([...devices, ...others]);
}

/** What a stop may need, where that is more than the budget; `softened`: with the whole time of steps that soften. */
function overspent(
  check: RigCheck,
  devices: ReadonlyMap<string, LoadedDevice>,
  budget: number,
  softened: boolean,
): string | undefined {
  const orders = [...new Set(Object.values(check.rig.actuators).map((a) => a.safeOrder))];
  // Groups follow each other; within a group the lines work side by side.
  const slowest = orders.map((order) => slowestShare(check, devices, order, softened));
  const needed = slowest.reduce((sum, s) => sum + s.longestMs + s.stopMs, 0);
  if (needed <= budget) return undefined;
  const parts = slowest.map(
    (s) =>
      `line ${s.line}: ${ms(s.longestMs)} for ${s.longest} in the way, ${ms(s.stopMs)} to stop`,
  );
  const how = softened ? ", where braking before it lets go takes all its time" : "";
  return `${check.rig.tripBudget}, but a stop may need ${ms(needed)} (${parts.join("; ")}${how})`;
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
  softened: boolean,
): Share {
  const shares = Object.entries(check.rig.lines).map(([name, line]) => {
    const on = [...devices.values()].filter((d) => d.line === name);
    return {
      line: name,
      ...longestExchange(check, line, on),
      stopMs: stopMs(check, line, on, order, softened),
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
  softened: boolean,
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
    const steps = safeSteps(device.type, binding.point, value);
    const last = steps.findLastIndex(({ does }) => does === "remove");
    for (const [i, step] of steps.entries()) {
      const writes = step.write.map((w) => confirmedMs(line, device, w.point, w.value));
      const usualMs = writes.reduce((sum, ms) => sum + ms, step.waitMs);
      const holdsUp = softened && step.does === "soften" && i < last;
      total += holdsUp ? Math.max(usualMs, step.withinMs) : usualMs;
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

/**
 * Silence or the device's pause, request, turnaround, reply; also for the length of a cycle. A TCP line without baud
 * has no wire worth counting.
 */
export function exchangeMs(line: LineFile, device: LoadedDevice, request: Request): number {
  const { turnaroundMs, silenceMs, pauseMs = 0 } = device.timing;
  if (line.baud === undefined) return Math.max(silenceMs, pauseMs) + turnaroundMs;
  const bits = bitsPerCharOf(line.format ?? "8E1");
  const bytes = requestLength(request) + replyLength(request);
  const silence = Math.max(t35Ms(line.baud, bits), silenceMs, pauseMs);
  const onWire = line.framing === "ascii" ? asciiLength(bytes) + 1 : bytes;
  return silence + rtuMs(onWire, line.baud, bits) + turnaroundMs;
}
