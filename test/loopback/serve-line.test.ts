import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import type { Request } from "../../src/device/request.js";
import type { Line, Reply } from "../../src/line/line.js";
import { openLine } from "../../src/line/open.js";
import { LineQueue } from "../../src/line/queue.js";
import { openPtyPair } from "../../src/sim/pty-pair.js";
import { serveSerial } from "../../src/sim/serial-server.js";
import { simTransport } from "../../src/sim/sim-line.js";
import { serveTcp } from "../../src/sim/tcp-server.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { exampleDevice } from "../unit/sim/example-type.js";

const clock = new RealClock();
const timing = { turnaroundMs: 500, silenceMs: 0 };
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const near = fc.oneof(fc.integer({ min: 98, max: 120 }), fc.constantFrom(0, 1, 2, 5, 300, 500));
const word = fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 65535 }));
const anyRead = fc.record({
  kind: fc.constant("read" as const),
  table: fc.constantFrom("coil", "discrete", "holding", "input"),
  address: near,
  count: fc.integer({ min: 1, max: 12 }),
});
const anyWrite = fc.record({
  kind: fc.constant("write" as const),
  table: fc.constant("holding" as const),
  address: near,
  values: fc.array(word, { minLength: 1, maxLength: 5 }),
  single: fc.constant(false),
});
const anyCoil = fc.record({
  kind: fc.constant("write" as const),
  table: fc.constant("coil" as const),
  address: fc.integer({ min: 0, max: 3 }),
  values: fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 1 }),
  single: fc.constant(true),
});
const requests: fc.Arbitrary<Request[]> = fc.array(fc.oneof(anyRead, anyWrite, anyCoil), {
  minLength: 20,
  maxLength: 20,
});

/** What a rig sees of a reply; times differ between real and virtual. */
function seen(reply: Reply): unknown {
  if (reply.ok) return Array.from(reply.words);
  return { fault: reply.fault, exception: reply.exception };
}

/** Asks the real line and a simulated one over an equal device; both must see the same. */
async function agree(real: Line): Promise<void> {
  const simulated = exampleDevice(1);
  const virtual = new VirtualClock(0);
  const inside = new LineQueue(
    "sim",
    simTransport(new Map([[1, simulated]]), virtual, "tcp"),
    virtual,
  );
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      for (const request of asked) {
        const outside = await real.exchange(1, request, timing, "fast");
        const ours = await inside.exchange(1, request, timing, "fast");
        expect(seen(outside)).toEqual(seen(ours));
      }
    }),
    { numRuns: 20 },
  );
}

describe("the simulated line and the real one", () => {
  it("see the same over TCP, whatever is asked", async () => {
    const units = new Map([[1, exampleDevice(1)]]);
    const server = await serveTcp(units, { host: "127.0.0.1", port: 0 }, clock);
    closers.push(() => server.close());
    const line = await openLine("tcp", { tcp: `127.0.0.1:${server.port}` }, clock);
    closers.push(() => line.close());
    await agree(line);
  });

  it("see the same over a serial pair, whatever is asked", async ({ skip }) => {
    const pair = await openPtyPair();
    if (!pair.ok) return skip(pair.reason);
    closers.push(() => pair.close());
    const units = new Map([[1, exampleDevice(1)]]);
    serveSerial(units, pair.stream, { baud: 115_200 }, clock);
    const spec = { serial: pair.path, baud: 115_200, format: "8E1" } as const;
    const line = await openLine("serial", spec, clock);
    closers.push(() => line.close());
    await agree(line);
  });
});
