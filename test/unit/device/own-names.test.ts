import { expect, it } from "vitest";
import { changed, parseSample, sampleText } from "./sample-type.js";

const said = (text: string) =>
  parseSample(text).problems.map(({ field, found }) => `${field}: ${found}`);
const inherited = ["constructor", "toString", "hasOwnProperty", "valueOf"];

it.each(inherited)(
  "%s is no point that an identity, an example or a command could name",
  (name) => {
    const identify = changed("point: state, rawRange: [0, 3]", `point: ${name}, raw: 1`);
    expect(said(identify)).toEqual([`identify[0].point: "${name}"`]);
    const means = changed("means: { state: running", `means: { ${name}: 1, state: running`);
    expect(said(means)).toEqual([
      `examples[0].means.${name}: the name "${name}", which every object has`,
    ]);
    const write = changed("write: { command: stop }", `write: { ${name}: 1 }`);
    expect(said(write)).toEqual([
      `commands.stop[1].write.${name}: the name "${name}", which every object has`,
    ]);
    const reads = sampleText.replace("from: ours,", `from: ours, reads: [${name}], request: "00",`);
    expect(said(reads)).toEqual([`examples[0].reads[0]: "${name}"`]);
  },
);

it("nor a command, a word of an enum, a parameter or a point of an actuator", () => {
  expect(said(changed("start: start,", "start: constructor,"))).toEqual([
    'actuators[0].start: "constructor"',
  ]);
  expect(said(changed("command: run }", "command: toString }"))).toEqual([
    'commands.start[0].write.command: "toString"',
  ]);
  expect(said(changed("times: full-scale", "times: constructor"))).toEqual([
    'points.torque.times: "constructor"',
  ]);
  expect(said(changed("point: setpoint, start", "point: constructor, start"))).toEqual([
    'actuators[0].point: "constructor"',
  ]);
});

it("__proto__ is refused at its place, wherever a file writes it", () => {
  const means = changed("means: { state: running", "means: { __proto__: 1, state: running");
  expect(said(means)).toEqual([
    'examples[0].means.__proto__: the name "__proto__", which every object has',
  ]);
  const words = changed("enum: { run: 1,", "enum: { __proto__: 9, run: 1,");
  expect(said(words)).toEqual([
    'points.command.enum.__proto__: the name "__proto__", which every object has',
  ]);
});

it("a point may not be called as what every object has", () => {
  expect(said(changed("  brake:", "  constructor:"))).toEqual([
    'points.constructor: the name "constructor", which every object has',
  ]);
});
