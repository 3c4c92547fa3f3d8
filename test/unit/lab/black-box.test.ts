import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BlackBox } from "../../../src/lab/black-box.js";
import type { EventKind, RecordEvent } from "../../../src/record/document/event.js";
import type { Attachment, AttachmentNote } from "../../../src/record/writer-port.js";
import type { LineFrame } from "../../../src/rig/bind.js";
import type { RunContext, RunState } from "../../../src/run/state.js";

const context = {
  program: { blackBox: { beforeMs: 10_000, afterMs: 5000 } },
  actuators: [{ role: "speed" }],
} as unknown as RunContext;

function frame(n: number, at: number): LineFrame {
  const bytes = Uint8Array.of(1, 4, n);
  return { line: "main", n, at, unit: 1, direction: "out", bytes, verdict: "ok" };
}

function event(kind: EventKind, at: number): RecordEvent {
  return { kind, at, cycle: at / 1000, text: `${kind} at ${at}`, data: {} } as RecordEvent;
}

/** A black box, what it has attached, and the frames its line would still have. */
function open() {
  const attached: { attachment: Attachment; event: AttachmentNote }[] = [];
  const line: LineFrame[] = [];
  const record = {
    attach: (attachment: Attachment, told: AttachmentNote) =>
      void attached.push({ attachment, event: told }),
  };
  const box = new BlackBox({ context, record, frames: () => line, zero: 100_000, made: 0 });
  const at = (ms: number, events: RecordEvent[] = [], setpoints = Float64Array.of(0)) =>
    box.note({ at: ms, cycle: ms / 1000, setpoints } as unknown as RunState, events);
  const written = () =>
    attached.map((a) => JSON.parse(inflateSync(a.attachment.data).toString()) as BoxJson);
  return { line, at, written, attached };
}

type BoxJson = {
  number: number;
  fromMs: number;
  toMs: number;
  triggers: { at: number; kind: string }[];
  intents: { at: number; setpoints: number[] }[];
  frames: { at: number; bytes: string }[];
};

describe("the black box", () => {
  it("is written when its time is over, with setpoints and frames on the run's clock", () => {
    const { line, at, written, attached } = open();
    const speeds = [0, 100, 200, 300].map((v) => Float64Array.of(v));
    for (const [i, ms] of [1000, 15_000, 19_000].entries()) at(ms, [], speeds[i]);
    line.push(frame(1, 105_000), frame(2, 112_500));
    at(20_000, [event("trip", 20_000)], speeds[2]);
    at(24_000, [], speeds[3]);
    line.splice(0, 2, frame(3, 121_000));
    at(25_000, [], speeds[3]);
    expect(written()).toEqual([]);
    at(26_000, [], speeds[3]);
    expect(written()).toMatchObject([
      {
        number: 1,
        fromMs: 10_000,
        toMs: 25_000,
        triggers: [{ at: 20_000 }],
        intents: [
          { at: 1000, setpoints: [0] },
          { at: 15_000, setpoints: [100] },
          { at: 19_000, setpoints: [200] },
          { at: 24_000, setpoints: [300] },
        ],
        frames: [
          { at: 12_500, bytes: "010402" },
          { at: 21_000, bytes: "010403" },
        ],
      },
    ]);
    expect(attached[0]?.event.text).toBe("black box 1: 10 s before to 5 s after trip at 20000");
  });

  it("is extended by another trigger, and a later one opens the next", () => {
    const { at, written } = open();
    at(20_000, [event("trip", 20_000)]);
    at(24_000, [event("failure", 24_000)]);
    at(28_000);
    expect(written()).toEqual([]);
    at(30_000);
    at(60_000, [event("trip", 60_000)]);
    at(70_000);
    expect(written().map((b) => [b.number, b.fromMs, b.toMs, b.triggers.length])).toEqual([
      [1, 10_000, 29_000, 2],
      [2, 50_000, 65_000, 1],
    ]);
  });

  it("is written at the end of the run, shorter then", () => {
    const { at, written } = open();
    at(20_000, [event("trip", 20_000)]);
    at(21_000, [event("run-ended", 21_000)]);
    expect(written()).toMatchObject([{ fromMs: 10_000, toMs: 21_000 }]);
  });

  const aborts = (ms: number) =>
    ({ ...event("state", ms), data: { from: "Execute", to: "Aborting" } }) as RecordEvent;

  it("is made of an abort that neither trip nor failure explains", () => {
    const { at, written } = open();
    at(20_000, [aborts(20_000)]);
    at(26_000);
    expect(written()).toMatchObject([{ fromMs: 10_000, triggers: [{ at: 20_000 }] }]);
  });

  it("of a trip that aborts has the trip as its one trigger", () => {
    const { at, written } = open();
    at(20_000, [event("trip", 20_000), aborts(20_000)]);
    at(26_000);
    expect(written()[0]?.triggers).toMatchObject([{ at: 20_000, kind: "trip" }]);
  });
});
