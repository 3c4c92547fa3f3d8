import { expect, it } from "vitest";
import { ActuatorMachine } from "../../../src/keeper/kernel/machine.js";
import type { Reply } from "../../../src/line/line.js";
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

/** Made safe, and looked at five times a second later; each look gets this, and what follows is answered rightly. */
function looked(first: (now: number) => Reply): ActuatorMachine {
  const machine = new ActuatorMachine(output, null);
  for (let look = 0; look <= 5; look++) {
    let now = look * 1000;
    machine.begin("trip", now, look > 0);
    let isFirst = look > 0;
    for (;;) {
      const action = machine.next(now);
      if (action.kind === "done" || machine.isContested) break;
      if (action.kind !== "exchange") {
        now += action.ms;
        continue;
      }
      const words = action.request.kind === "write" ? [] : [0];
      machine.learn(action, isFirst ? first(now) : { ok: true, words, at: now }, now);
      isFirst = false;
    }
  }
  return machine;
}

it("a look that brings no value shows no other hand, however often; a value of another's does", () => {
  const busy = { ok: false, fault: "exception", exception: 6, detail: "device busy" } as const;
  expect(looked((at) => ({ ...busy, at })).isContested).toBe(false);
  expect(looked((at) => ({ ok: true, words: [341], at })).isContested).toBe(true);
});
