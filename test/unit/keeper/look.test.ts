import { expect, it } from "vitest";
import { ActuatorMachine } from "../../../src/keeper/kernel/machine.js";
import type { Ask, PlanActuator, PlanWrite } from "../../../src/rig/safe-plan.js";

const point = {
  table: "holding",
  address: 10,
  as: "u16",
  unit: "",
  access: "read-write",
} as unknown as Ask["point"];
const read = { kind: "read", table: "holding", address: 10, count: 1 } as const;
const held: Ask = {
  device: "module",
  name: "output-0",
  request: read,
  point,
  parameters: {},
  test: { words: [0] },
};
const write: PlanWrite = {
  name: "output-0",
  request: { kind: "write", table: "holding", address: 10, values: [0], single: true },
  eeprom: false,
  confirm: "value",
  readBack: read,
};
const steps = [{ does: "remove", writes: [write], expect: [], withinMs: 1000, waitMs: 0 }] as const;

/** An output of which only the register can be read. */
const output: PlanActuator = {
  role: "load",
  device: "module",
  safeOrder: 1,
  safeWithinMs: 1000,
  energised: true,
  runOnMs: null,
  needs: [],
  steps: { trip: steps, isolate: steps },
  obeys: [],
  acted: [],
  held: { trip: [held], isolate: [held] },
  effect: { trip: [], isolate: [] },
  best: "held",
};

/** The exchanges until it has acted, of a register that begins at `word`. */
function exchangesOf(word: number): string[] {
  const machine = new ActuatorMachine(output, null);
  machine.begin("trip", 0, false);
  machine.lookFirst();
  const seen: string[] = [];
  for (let now = 0; seen.length < 20; now += 1000) {
    const action = machine.next(now);
    if (action.kind === "done") return seen;
    if (action.kind !== "exchange") continue;
    seen.push(action.request.kind);
    if (action.request.kind === "write") word = action.request.values[0]!;
    const words = action.request.kind === "write" ? [] : [word];
    machine.learn(action, { ok: true, words, at: now }, now);
  }
  return seen;
}

it("an output that is only looked at is read, and only read where it holds its safe value", () => {
  expect(exchangesOf(0)).toEqual(["read"]);
});

it("an output that is only looked at and does not hold its safe value is written and read back", () => {
  expect(exchangesOf(341)).toEqual(["read", "write", "read"]);
});
