import { describe, expect, it } from "vitest";
import { encodeException, encodeReply, encodeRequest } from "../../../src/device/rtu-frame.js";
import { newStatistics, type Reply } from "../../../src/line/line.js";
import { LineQueue } from "../../../src/line/queue.js";
import { framesOf, Trace } from "../../../src/line/trace.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { honest, read, rtuBench, timing, write } from "./scripted.js";

const brief = ({
  direction,
  unit,
  verdict,
}: {
  direction: string;
  unit: number;
  verdict: string;
}) => `${direction} ${unit} ${verdict}`;

describe("the last frames of a line", () => {
  it("are the very bytes, noise included, with what they are for and what was made of them", async () => {
    const { line } = await rtuBench((seen, n, send) => {
      if (n === 0) send(Uint8Array.of(0x55, ...honest(seen)));
    });
    await line.exchange(1, read(7), timing, "fast");
    await line.exchange(2, read(8), timing, "fast");
    expect(line.recent.map(brief)).toEqual([
      "out 1 read holding 7 2",
      "in 1 ok: 7 8",
      "out 2 read holding 8 2",
      "in 2 timeout: no answer",
    ]);
    expect([...line.recent[0]!.bytes]).toEqual([...encodeRequest(1, read(7))]);
    expect([...line.recent[1]!.bytes]).toEqual([0x55, ...encodeReply(1, read(7), [7, 8])]);
    expect([...line.recent[3]!.bytes]).toEqual([]);
    expect(line.recent.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
  });

  it("are those a wire would have carried where there is none", () => {
    const asked = { unit: 3, request: write(5, 9), at: 10 };
    const done = framesOf({ ...asked, reply: { ok: true, words: [], at: 20 } }, 1);
    expect(done.map(brief)).toEqual(["out 3 write holding 5 9", "in 3 ok"]);
    expect([...done[1]!.bytes]).toEqual([...encodeReply(3, write(5, 9), [])]);
    const refused = { ok: false, fault: "exception", exception: 2, detail: "no", at: 20 } as const;
    const [, answer] = framesOf({ ...asked, reply: refused }, 1);
    expect([...answer!.bytes]).toEqual([...encodeException(3, 6, 2)]);
  });

  it("are kept for a while and numbered for ever, on a wire and on a virtual line", async () => {
    const trace = new Trace();
    const bytes = Uint8Array.of(1);
    for (let at = 0; at < 2000; at++)
      trace.add({ at, unit: 1, direction: "out", bytes: [bytes], verdict: () => "" });
    expect([trace.recent().length, trace.recent().at(-1)?.n]).toEqual([256, 2000]);
    const reply: Reply = { ok: true, words: [1, 2], at: 0 };
    const transport = {
      ...{ statistics: newStatistics(), exchange: () => Promise.resolve(reply) },
      ...{ hurry: () => {}, close: () => Promise.resolve() },
    };
    const line = new LineQueue("virtual", transport, new VirtualClock(0));
    for (let i = 0; i < 1000; i++) await line.exchange(1, read(0), timing, "fast");
    expect([line.recent.length, line.recent.at(-1)?.n]).toEqual([256, 2000]);
  });
});
