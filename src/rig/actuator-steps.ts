/** The steps that start one actuator, and those that bring it to its safe state. */
import { commandPlan, type PlannedStep } from "../device/command.js";
import type { DeviceType, Point } from "../device/device-type.js";

/**
 * Steps for the actuator at `point`: the command first, because it stops soonest; then the rig's own
 * safe value into the setpoint, so that a later start does not jump back to the old one. A plain output
 * has no command and gets the value alone. `value` is in the point's unit.
 */
export function safeSteps(type: DeviceType, point: string, value: number): PlannedStep[] {
  const command = (type.actuators ?? []).find((a) => a.point === point)?.safe;
  const steps = command === undefined ? [] : commandPlan(type, command);
  const last = steps.flatMap((step) => step.write).findLast((write) => write.point === point);
  if (last?.value === value) return steps;
  // After the command the value only matters for a later start: it holds up nothing.
  const does = command === undefined ? "remove" : "soften";
  return [...steps, setpointStep(point, value, does)];
}

/**
 * What unlocks the setpoint, where the type says so; then the setpoint, so that the device never follows an old
 * one; then its start command.
 */
export function startSteps(type: DeviceType, point: string, value: number): PlannedStep[] {
  const { prepare, start } = (type.actuators ?? []).find((a) => a.point === point) ?? {};
  const steps = (command?: string) => (command === undefined ? [] : commandPlan(type, command));
  return [...steps(prepare), setpointStep(point, value, "remove"), ...steps(start)];
}

/** Time for a setpoint that is only written so that a later start begins low. */
const setpointWithinMs = 1000;

function setpointStep(point: string, value: number, does: PlannedStep["does"]): PlannedStep {
  const write = [{ point, value }];
  return { does, write, expect: [], withinMs: setpointWithinMs, waitMs: 0 };
}

/** How a write of this point is confirmed: read again where it can be read, else by its echo. */
export function confirmation(point: Point): "value" | "echo" | "none" {
  return point.write?.readBack ?? (point.access === "read-write" ? "value" : "echo");
}
