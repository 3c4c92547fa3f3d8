import { expect, it } from "vitest";
import { startSteps } from "../../../src/rig/actuator-steps.js";
import { changed, parseSample } from "../device/sample-type.js";

const unlocked = (command: string) =>
  changed("  start: [{ write", `  unlock: [{ write: ${command} }]\n  start: [{ write`).replace(
    "point: setpoint, start",
    "point: setpoint, prepare: unlock, start",
  );

it("what unlocks a setpoint is sent before it, and the start after it", () => {
  const { value, problems } = parseSample(unlocked("{ brake: 1 }"));
  if (value === undefined) throw new Error(JSON.stringify(problems));
  const written = startSteps(value, "setpoint", 0).flatMap(({ write }) => write);
  expect(written.map(({ point }) => point)).toEqual(["brake", "setpoint", "command"]);
});

it("what unlocks a setpoint moves nothing: neither the setpoint nor a start", () => {
  const said = (command: string) =>
    parseSample(unlocked(command)).problems.map(({ field, found }) => `${field}: ${found}`);
  expect(said("{ setpoint: 5 }")).toEqual(["actuators[0].prepare: one that writes setpoint = 5"]);
  expect(said("{ command: run }")).toEqual(["actuators[0].prepare: one that writes command = run"]);
  const unknown = changed("point: setpoint, start", "point: setpoint, prepare: unlok, start");
  expect(parseSample(unknown).problems.map(({ field }) => field)).toEqual(["actuators[0].prepare"]);
});
