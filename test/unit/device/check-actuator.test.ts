import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/base/error.js";
import { deviceTypeWarnings } from "../../../src/device/check-warning.js";
import { changed, parseSample, sampleText } from "./sample-type.js";

const problemsOf = (text: string) => parseSample(text).problems;
const warningsOf = (text: string) => deviceTypeWarnings(parseSample(text));

const actuator = "follows: { point: command, is: [run] }, safe: stop }";
const noWatchdog = "noWatchdog: it is not real";
const withActuator = (more: string) => changed(actuator, `${actuator.slice(0, -2)}, ${more} }`);

/** The sample with an identity that stays, a state that shows, and so nothing to warn of. */
const sound = withActuator("acted: { state: stopped, torque: { atMost: 2 } }").replace(
  "[{ point: state, rawRange: [0, 3] }]",
  "[{ point: decimals, raw: 1 }]",
);

const allKeys = withActuator(
  "acted: { state: stopped, torque: { atMost: 2 } }, obeys: { fault: 0 }, requires: { state: { anyOf: [stopped, 1] } }",
)
  .replace(
    "stop: [{ write:",
    "clear: [{ write: { brake: 0 } }]\n  stop: [{ does: soften, within: 1 s, write:",
  )
  .replace(
    noWatchdog,
    "reset: clear\nfingerprint: [decimals]\nidentifyWeak: a state is no name\n" +
      "watchdog: { required: { state: running }, time: 2 s, feeds: frames, activeWhile: { state: running }, acts: it coasts, doesNotCover: much }",
  );

describe("what a type says about being made safe", () => {
  it("may use every key at once", () => {
    expect(problemsOf(allKeys).map(formatProblem)).toEqual([]);
  });

  it("a plain output has a setpoint and no safe command", () => {
    const plain = changed("start: start, follows: { point: command, is: [run] }, safe: stop", "");
    expect(problemsOf(plain.replace("setpoint,  }", "setpoint }")).map(formatProblem)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "acted of an unknown point",
      withActuator("acted: { stat: 1 }"),
      "actuators[0].acted.stat",
      /"state"/,
    ],
    [
      "acted of a point that is only written",
      withActuator("acted: { command: run }"),
      "actuators[0].acted.command",
      /can be read/,
    ],
    [
      "obeys with an unknown word",
      withActuator("obeys: { state: runing }"),
      "actuators[0].obeys.state",
      /"running"/,
    ],
    [
      "requires with an unknown word in a list",
      withActuator("requires: { state: { anyOf: [halted] } }"),
      "actuators[0].requires.state",
      /stopped/,
    ],
    ["acted without a point", withActuator("acted: {}"), "actuators[0].acted", /./],
    [
      "a start that nothing stops",
      changed(", safe: stop", ""),
      "actuators[0].safe",
      /plain output/,
    ],
    [
      "a safe command that only softens",
      changed(
        "stop: [{ write: { setpoint: 0 }, wait: 500 ms }, { write: { command: stop } }]",
        "stop: [{ does: soften, write: { setpoint: 0 } }]",
      ),
      "actuators[0].safe",
      /does not only soften/,
    ],
    [
      "within a step that neither expects nor softens",
      changed("wait: 500 ms", "within: 500 ms"),
      "commands.stop[0]",
      /soften/,
    ],
    [
      "an unknown reset",
      changed(noWatchdog, `reset: clear\n${noWatchdog}`),
      "reset",
      /one of start, stop/,
    ],
    [
      "a reset that starts",
      changed(noWatchdog, `reset: start\n${noWatchdog}`),
      "reset",
      /moves nothing/,
    ],
    [
      "a reset that writes the setpoint",
      changed(noWatchdog, `reset: stop\n${noWatchdog}`),
      "reset",
      /moves nothing/,
    ],
    [
      "an unknown point in the fingerprint",
      changed(noWatchdog, `fingerprint: [serial]\n${noWatchdog}`),
      "fingerprint[0]",
      /a point/,
    ],
    [
      "a point twice in the fingerprint",
      changed(noWatchdog, `fingerprint: [decimals, decimals]\n${noWatchdog}`),
      "fingerprint[1]",
      /once/,
    ],
    [
      "words that nobody names",
      allKeys.replace("feeds: frames", "feeds: words"),
      "watchdog.feeds",
      /fedBy/,
    ],
    [
      "named words beside any frame",
      allKeys.replace("feeds: frames", "feeds: frames, fedBy: [brake]"),
      "watchdog.feeds",
      /no fedBy/,
    ],
    [
      "two times of one watchdog",
      allKeys.replace("time: 2 s", "time: 2 s, timeFrom: ramp"),
      "watchdog.time",
      /one of them/,
    ],
    [
      "a watchdog active while an unknown word",
      allKeys.replace("activeWhile: { state: running", "activeWhile: { state: on"),
      "watchdog.activeWhile.state",
      /running/,
    ],
  ])("%s is refused with its place", (_, text, field, expected) => {
    const problems = problemsOf(text);
    expect(problems.map((p) => p.field)).toContain(field);
    expect(problems.find((p) => p.field === field)?.expected).toMatch(expected);
  });

  it("forbids a whole range of registers, also inside a longer write", () => {
    const text = changed("address: 0x12, values: [7], why", "address: 0x11, last: 0x12, why");
    expect(problemsOf(text.replace("write: { setpoint: 0 }", "write: { ramp: 1 }"))).toMatchObject([
      { field: "commands.stop[0].write.ramp", expected: expect.stringContaining("it bites") },
    ]);
  });
});

describe("a warning", () => {
  it("is silent about a type whose identity stays and whose state shows", () => {
    expect(warningsOf(sound)).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    [
      "an identity that a command expects",
      withActuator("acted: { fault: 0 }"),
      "identify[0].point",
      /a command expects it/,
    ],
    [
      "an identity that shows what an actuator does",
      sound.replace("point: decimals, raw", "point: torque, raw"),
      "identify[0].point",
      /what an actuator does/,
    ],
    [
      "an identity with flags",
      sound.replace("point: decimals, raw", "point: status, raw"),
      "identify[0].point",
      /flags/,
    ],
    [
      "a fingerprint with flags",
      sound.replace(noWatchdog, `fingerprint: [torque]\n${noWatchdog}`),
      "fingerprint[0]",
      /what an actuator does/,
    ],
    [
      "a safe state that only an echo confirms",
      sound
        .replace("acted: { state: stopped, torque: { atMost: 2 } }", "")
        .replace("{ write: { setpoint: 0 }, wait: 500 ms }, ", ""),
      "actuators[0]",
      /only the device's reply/,
    ],
    [
      "a safe path in EEPROM only",
      sound
        .replace(
          "stop: [{ write: { setpoint: 0 }, wait: 500 ms }, { write: { command: stop } }]",
          "stop: [{ write: { setpoint: 0 } }]",
        )
        .replace(
          "range: [0, 3000], access: read-write",
          "range: [0, 3000], access: read-write, write: { persist: eeprom }",
        ),
      "actuators[0]",
      /EEPROM/,
    ],
  ])("is given for %s, and the type may still be used", (_, text, field, found) => {
    expect(problemsOf(text).map(formatProblem)).toEqual([]);
    const warnings = warningsOf(text);
    expect(warnings.map((w) => w.field)).toContain(field);
    const warning = warnings.find((w) => w.field === field)!;
    expect(warning.found).toMatch(found);
    expect(formatProblem(warning)).toMatch(/^devices\/example\/drive.yaml:\d+:\d+ {2}warning: /);
  });

  it("is not given for settings that a type calls constant", () => {
    const baud = sound.replace(
      'as: u16, unit: "1", access: read, confidence: manual }\n  temp',
      'as: u16, enum: { one: 0, tenth: 1 }, unit: "1", access: read, confidence: manual }\n  temp',
    );
    expect(warningsOf(baud)).toMatchObject([{ found: expect.stringContaining("may be states") }]);
    const declared = baud.replace(noWatchdog, `fingerprint: [decimals]\n${noWatchdog}`);
    expect(warningsOf(declared)).toEqual([]);
  });

  it("is not given for an identity of which the type itself says how weak it is", () => {
    const flags = sound.replace("point: decimals, raw", "point: status, raw");
    const told = (text: string) =>
      flags.replace(noWatchdog, `identifyWeak: ${text}\n${noWatchdog}`);
    expect(warningsOf(told("the status word is one of a whole family"))).toEqual([]);
    expect(warningsOf(told("a whole family has it"))).toHaveLength(1);
  });

  it("is not given where the file is wrong anyway", () => {
    expect(warningsOf(changed("point: state, rawRange", "point: stat, rawRange"))).toEqual([]);
    expect(sampleText).toContain("point: state, rawRange");
  });
});
