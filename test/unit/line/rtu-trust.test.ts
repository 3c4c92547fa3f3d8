import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import type { Request, WriteRequest } from "../../../src/device/request.js";
import { encodeException, encodeReply, encodeRequest } from "../../../src/device/rtu-frame.js";
import type { DeviceTiming, Line, Reply } from "../../../src/line/line.js";
import { brief, honest, rtuBench, type Script, type Seen, type Send, timing } from "./scripted.js";

/** Every register of the n-th question answered holds n in its high byte, its own address in the low one. */
const stamp = (n: number, register: number) => ((n & 0xff) << 8) | (register & 0xff);
/** Eight bits from a multiple of eight on spell the question's number. */
const bitStamp = (n: number, bit: number) => (n >> (bit & 7)) & 1;

function stamped({ unit, request }: Seen, n: number): Uint8Array {
  if (request.kind === "write") return encodeReply(unit, request, []);
  const isBits = request.table === "coil" || request.table === "discrete";
  const words = Array.from({ length: request.count }, (_, i) =>
    isBits ? bitStamp(n, request.address + i) : stamp(n, request.address + i),
  );
  return encodeReply(unit, request, words);
}

/** Which question the words answer; -1 when they fit none. */
function questionOf(request: Request & { kind: "read" }, words: ArrayLike<number>): number {
  const all = Array.from(words);
  if (all.length !== request.count) return -1;
  if (request.table === "coil" || request.table === "discrete") {
    return all.slice(0, 8).reduce((n, bit, i) => n | (bit << i), 0);
  }
  const n = all[0]! >> 8;
  return all.every((w, i) => w === stamp(n, request.address + i)) ? n : -1;
}

/** How one answer comes: so late, damaged, or never. */
type Fate = { lateMs: number; loses: "nothing" | "answer" | "bits" };

/** What a slave knows: `flat` answers everything, `strict` refuses what is no own point, `mute` says nothing to it. */
type Knows = "flat" | "strict" | "mute";

type Model = {
  order: "queues" | "drops" | "overtakes";
  knows: Knows;
  fates: readonly Fate[];
  /** The adapter gives back what is sent. */
  echoes?: boolean;
  /** Another master asks after each of these pauses, over and over. */
  othersMs?: readonly number[];
};

const counts = [1, 2, 10];

function isKnown({ request }: Seen): boolean {
  if (request.kind === "write") return true;
  if (request.table === "coil" || request.table === "input") return false;
  if (request.table === "discrete") return request.count === 8 && request.address % 8 === 0;
  return request.address % 20 === 0 && counts.includes(request.count);
}

/** A slave that works as the model says; `held` is what was written to its registers, in its own order. */
function slaveOf(model: Model, held: Map<number, number>): Script {
  let free: Promise<void> = Promise.resolve();
  let busyUntil = 0;
  const work = async (seen: Seen, n: number, send: Send, clock: Clock, lateMs: number) => {
    await clock.sleep(5 + lateMs);
    const { request } = seen;
    if (request.kind === "write") {
      for (const [i, value] of request.values.entries()) held.set(request.address + i, value);
    }
    const fate = model.fates[n % model.fates.length]!;
    if (fate.loses === "answer") return;
    const answer =
      model.knows === "flat" || isKnown(seen)
        ? stamped(seen, n)
        : encodeException(seen.unit, codeOf(request), 2);
    if (model.knows === "mute" && !isKnown(seen)) return;
    if (fate.loses === "bits") answer[answer.length - 1]! ^= 0x40;
    send(answer);
  };
  return (seen, n, send, clock) => {
    const { lateMs } = model.fates[n % model.fates.length]!;
    if (model.order === "overtakes") return void work(seen, n, send, clock, lateMs);
    if (model.order === "drops" && clock.elapsed() < busyUntil) return;
    busyUntil = clock.elapsed() + 5 + lateMs;
    free = free.then(() => work(seen, n, send, clock, lateMs));
  };
}

function codeOf(request: Request): number {
  if (request.kind === "write") return request.single ? 6 : 16;
  return { coil: 1, discrete: 2, holding: 3, input: 4 }[request.table];
}

const someRequest: fc.Arbitrary<Request> = fc.oneof(
  fc.record({
    kind: fc.constant("read" as const),
    table: fc.constant("holding" as const),
    address: fc.constantFrom(0, 20, 40, 60),
    count: fc.constantFrom(1, 1, 1, 2, 10),
  }),
  fc.record({
    kind: fc.constant("read" as const),
    table: fc.constant("discrete" as const),
    address: fc.constantFrom(8, 16),
    count: fc.constant(8),
  }),
  fc.record({
    kind: fc.constant("write" as const),
    table: fc.constant("holding" as const),
    address: fc.constantFrom(100, 102),
    values: fc.constantFrom([1], [2], [1, 1], [2, 2]),
    single: fc.constant(false),
  }),
  fc.record({
    kind: fc.constant("write" as const),
    table: fc.constant("holding" as const),
    address: fc.constantFrom(100, 102),
    values: fc.constantFrom([1], [2]),
    single: fc.constant(true),
  }),
);

const fate: fc.Arbitrary<Fate> = fc.record({
  lateMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 150 }),
    fc.integer({ min: 0, max: 3000 }),
  ),
  loses: fc.constantFrom("nothing", "nothing", "nothing", "nothing", "answer", "bits"),
});
const once = fc
  .tuple(fate, fc.integer({ min: 0, max: 20 }))
  .map(([f, at]) => Array.from({ length: 200 }, (_, n) => (n === at ? f : prompt)));
const always = fc.integer({ min: 30, max: 3000 }).map((lateMs) => [{ ...prompt, lateMs }]);
const mixed = fc.array(fate, { minLength: 1, maxLength: 30 });
const prompt: Fate = { lateMs: 0, loses: "nothing" };
const fates = fc.oneof(once, always, mixed) as fc.Arbitrary<Fate[]>;
const onceOrAlways = fc.oneof(once, always) as fc.Arbitrary<Fate[]>;

const steps = fc.array(
  fc.record({
    request: someRequest,
    pauseMs: fc.constantFrom(0, 0, 10, 100, 500),
    lane: fc.constantFrom("fast", "fast", "fast", "stop"),
  }),
  { minLength: 3, maxLength: 40 },
);

const clean = {
  request: { kind: "read", table: "holding", address: 0, count: 2 },
  pauseMs: 0,
  lane: "fast",
} as const;

type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** Runs the schedule; says of every reply that is ok and does not belong to its question why. */
async function wrongValues(model: Model, schedule: Steps): Promise<string[]> {
  const held = new Map<number, number>();
  const works = slaveOf(model, held);
  const { line, clock, slave, wires } = await rtuBench((seen, n, send, clock) => {
    if (model.echoes === true) send(encodeRequest(seen.unit, seen.request));
    return works(seen, n, send, clock);
  });
  const foreign = new Set<number>();
  const ask = (request: Request) => {
    const seen = { unit: 1, request, at: clock.elapsed() };
    const n = slave.seen.push(seen) - 1;
    foreign.add(n);
    const send: Send = (bytes) => wires[0]!.write(Uint8Array.from(bytes));
    send(encodeRequest(1, request));
    void works(seen, n, send, clock);
  };
  let over = false;
  const others = otherMaster(model, clock, ask, () => over);
  const wrong: string[] = [];
  for (const { request, pauseMs, lane } of schedule) {
    const before = slave.seen.length;
    if (before > 240) break;
    const reply = await line.exchange(1, request, timing, lane as "fast" | "stop");
    const why = reply.ok ? judge(request, reply, before, slave.seen.length, held) : undefined;
    if (why !== undefined) wrong.push(why);
    if (reply.ok && request.kind === "read" && foreign.has(questionOf(request, reply.words))) {
      wrong.push("the other master's answer");
    }
    await clock.sleep(pauseMs);
  }
  over = true;
  await others;
  return wrong;
}

/** Asks for registers that we do not ask for, in the forms that we do. */
async function otherMaster(
  { othersMs = [] }: Model,
  clock: Clock,
  ask: (request: Request) => void,
  isOver: () => boolean,
): Promise<void> {
  for (let n = 0; othersMs.length > 0 && n < 60; n++) {
    await clock.sleep(othersMs[n % othersMs.length]!);
    if (isOver()) return;
    ask({ kind: "read", table: "holding", address: 80, count: counts[n % 3]! });
  }
}

function judge(
  request: Request,
  reply: Reply & { ok: true },
  from: number,
  to: number,
  held: Map<number, number>,
): string | undefined {
  if (request.kind === "read") {
    const n = questionOf(request, reply.words);
    return n >= from && n < to ? undefined : `question ${n} answers a read of ${from} to ${to - 1}`;
  }
  const stands = request.values.every((value, i) => held.get(request.address + i) === value);
  return stands ? undefined : `a write is confirmed that does not stand`;
}

const schedules = { numRuns: Number(process.env["WEAROUT_SCHEDULES"] ?? 1000) };

describe("what an RTU line gives as good after lost answers", () => {
  it.each(["queues", "drops"] as const)(
    "belongs to the question asked: a slave that %s, whatever it knows and however late it is",
    async (order) => {
      const knows = fc.constantFrom<Knows>("flat", "strict", "mute");
      await fc.assert(
        fc.asyncProperty(knows, fates, steps, async (known, fate, schedule) => {
          expect(await wrongValues({ order, knows: known, fates: fate }, schedule)).toEqual([]);
        }),
        schedules,
      );
    },
    120_000,
  );

  it("belongs to it also where the adapter echoes, and where another master asks the same unit", async () => {
    const knows = fc.constantFrom<Knows>("flat", "strict", "mute");
    const pauses = fc.array(fc.integer({ min: 3, max: 300 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(knows, fates, steps, pauses, async (known, fate, schedule, othersMs) => {
        const model: Model = { order: "queues", knows: known, fates: fate, othersMs };
        const reads = schedule.filter(({ request }) => request.kind === "read");
        expect(await wrongValues(model, [clean, ...reads])).toEqual([]);
        const echo: Model = { order: "queues", knows: known, fates: fate, echoes: true };
        expect(await wrongValues(echo, schedule)).toEqual([]);
      }),
      schedules,
    );
  }, 120_000);

  it("belongs to it also where a later answer overtakes an earlier one", async () => {
    await fc.assert(
      fc.asyncProperty(onceOrAlways, steps, async (fate, schedule) => {
        const reads = schedule.filter(({ request }) => request.kind === "read");
        const model: Model = { order: "overtakes", knows: "flat", fates: fate };
        expect(await wrongValues(model, reads)).toEqual([]);
      }),
      schedules,
    );
  }, 120_000);

  it("L1: is never another register's after one answer that came half a second late", async () => {
    let free: Promise<void> = Promise.resolve();
    const { line, clock } = await rtuBench((seen, n, send, clock) => {
      free = free.then(() => clock.sleep(n === 3 ? 520 : 5)).then(() => send(honest(seen)));
    });
    await cyclesOf(line, clock, timing, 40);
  });

  it.each([
    ["late by more than its turnaround", 750],
    ["later than a cycle", 3000],
  ])(
    "L2: is never another register's from a device that is always %s, over a serial server",
    async (_how, lateMs) => {
      let free: Promise<void> = Promise.resolve();
      const slave: Script = (seen, _n, send, clock) => {
        free = free.then(() => clock.sleep(lateMs)).then(() => send(honest(seen)));
      };
      const { line, clock } = await rtuBench(slave, undefined, { server: {} });
      await cyclesOf(line, clock, { turnaroundMs: 150, silenceMs: 0 }, 20);
    },
  );

  it("tells how slow a device is whose answers come late", async () => {
    let free: Promise<void> = Promise.resolve();
    const { line, clock, statistics } = await rtuBench((seen, _n, send, c) => {
      free = free.then(() => c.sleep(210)).then(() => send(honest(seen)));
    });
    for (let n = 0; n < 6; n++) {
      await line.exchange(1, one(7), timing, "fast");
      await clock.sleep(1000);
    }
    const { times, longestMs, turnaroundMs } = statistics.slow[1]!;
    expect([times, turnaroundMs]).toEqual([6, timing.turnaroundMs]);
    expect(longestMs).toBeGreaterThan(195);
    expect(longestMs).toBeLessThan(230);
  });

  it("comes back in the very exchange after the late answer was heard", async () => {
    const { line, clock, slave } = await rtuBench(async (seen, n, send, c) => {
      await c.sleep(n === 1 ? 300 : 5);
      send(honest(seen));
    });
    const ask = () => line.exchange(1, one(7), timing, "fast");
    expect([(await ask()).ok, (await ask()).ok]).toEqual([true, false]);
    await clock.sleep(500);
    expect(brief(await ask())).toEqual([7]);
    expect(slave.seen.length).toBe(3);
  });

  it("takes a refusal for proof where a device has no register beside the one asked for", async () => {
    const { line, slave } = await rtuBench(({ unit, request }, n, send) => {
      if (n === 0) return;
      const known = request.kind === "read" && request.count === 1 && request.table === "holding";
      send(known ? honest({ unit, request, at: 0 }) : encodeException(unit, codeOf(request), 2));
    });
    expect((await line.exchange(1, one(7), timing, "fast")).ok).toBe(false);
    expect(brief(await line.exchange(1, one(7), timing, "fast"))).toEqual([7]);
    const asked = slave.seen.map(({ request }) => brief1(request));
    expect(asked).toEqual(["holding 7 1", "holding 7 2", "holding 5 3", "holding 7 1"]);
  });

  it("sends no write again whose confirmation may belong to another, unless it is a stop", async () => {
    const mute: Script = (seen, n, send) => {
      if (n === 0 || (n > 1 && isWrite(seen.request))) send(honest(seen));
    };
    for (const lane of ["write", "stop"] as const) {
      const { line, clock, slave } = await rtuBench(mute);
      await line.exchange(1, one(0), timing, "fast");
      const first: Request = { ...writeOf(1), values: [1, 1], single: false };
      expect(brief(await line.exchange(1, first, timing, "stop"))).toBe("timeout");
      await clock.sleep(220);
      const other: Request = { ...writeOf(2), values: [2, 2], single: false };
      const reply = await line.exchange(1, other, timing, lane);
      const writes = slave.seen.filter(({ request }) => isWrite(request));
      expect(writes.length).toBe(lane === "stop" ? 3 : 2);
      expect(brief(reply)).toEqual(lane === "stop" ? [] : "stale");
    }
  });

  it("costs a healthy line no frame: every exchange is one question", async () => {
    const { line, slave } = await rtuBench((seen, _n, send) => send(honest(seen)));
    for (let n = 0; n < 50; n++) await line.exchange(1, one(n), timing, "fast");
    await line.exchange(1, { ...writeOf(1) }, timing, "stop");
    expect(slave.seen.length).toBe(51);
  });
});

const one = (address: number): Request => ({ kind: "read", table: "holding", address, count: 1 });
const writeOf = (value: number): WriteRequest => ({
  kind: "write",
  table: "holding",
  address: 7,
  values: [value],
  single: true,
});

function isWrite({ kind }: Request): boolean {
  return kind === "write";
}

function brief1(request: Request): string {
  const count = request.kind === "read" ? request.count : request.values.length;
  return `${request.table} ${request.address} ${count}`;
}

/** Reads six registers one by one every half second, as a rig does; every good value is its own. */
async function cyclesOf(line: Line, clock: Clock, timing: DeviceTiming, cycles: number) {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const due = clock.elapsed() + 500;
    for (let address = 0x1002; address < 0x1008; address++) {
      const reply = await line.exchange(1, one(address), timing, "fast");
      if (reply.ok) expect([...reply.words]).toEqual([address]);
      else if (reply.fault === "timeout") break;
    }
    await clock.sleep(Math.max(0, due - clock.elapsed()));
  }
}
