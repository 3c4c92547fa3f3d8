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
  return [...steps, setpointStep(point, value)];
}

/** The setpoint first, so that the device never follows an old one; then its start command. */
export function startSteps(type: DeviceType, point: string, value: number): PlannedStep[] {
  const command = (type.actuators ?? []).find((a) => a.point === point)?.start;
  const steps = command === undefined ? [] : commandPlan(type, command);
  return [setpointStep(point, value), ...steps];
}

function setpointStep(point: string, value: number): PlannedStep {
  return { does: "remove", write: [{ point, value }], expect: [], withinMs: 0, waitMs: 0 };
}

/** How a write of this point is confirmed: read again where it can be read, else by its echo. */
export function confirmation(point: Point): "value" | "echo" | "none" {
  return point.write?.readBack ?? (point.access === "read-write" ? "value" : "echo");
}
