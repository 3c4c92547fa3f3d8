import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import type { Request } from "../../../src/device/request.js";
import { encodeException, encodeReply, encodeRequest } from "../../../src/device/rtu-frame.js";
import type { Reply } from "../../../src/line/line.js";
import { rtuBench, type Script, type Seen, type Send, timing } from "./scripted.js";

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
  /** The adapter gives back what is sent, so long after it. */
  echoMs?: number;
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
/** Each n-th answer comes so late, the others at once. */
const strays = fc
  .record({ lateMs: fc.integer({ min: 100, max: 4500 }), each: fc.integer({ min: 4, max: 9 }) })
  .map(({ lateMs, each }) =>
    Array.from({ length: each }, (_, n) => (n === 0 ? { ...prompt, lateMs } : prompt)),
  );
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
    void echo(model, seen, send, clock);
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

async function echo({ echoMs }: Model, { unit, request }: Seen, send: Send, clock: Clock) {
  if (echoMs === undefined) return;
  if (echoMs > 0) await clock.sleep(echoMs);
  send(encodeRequest(unit, request));
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

/** More of them, or those of one seed, by these variables. */
const { WEAROUT_SCHEDULES, WEAROUT_SEED } = process.env;
const seed = WEAROUT_SEED === undefined ? {} : { seed: Number(WEAROUT_SEED) };
const schedules = { numRuns: Number(WEAROUT_SCHEDULES ?? 1000), ...seed };
const patienceMs = 120 * schedules.numRuns;

describe("what an RTU line gives as good in whatever schedule of lost answers", () => {
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
    patienceMs,
  );

  it(
    "belongs to it also where the adapter echoes, and where another master asks the same unit",
    async () => {
      const knows = fc.constantFrom<Knows>("flat", "strict", "mute");
      const pauses = fc.array(fc.integer({ min: 3, max: 300 }), { maxLength: 8 });
      // Also behind the late answers that come while the request is still on the wire.
      const echoMs = fc.constantFrom(0, 4);
      await fc.assert(
        fc.asyncProperty(
          knows,
          fates,
          steps,
          pauses,
          echoMs,
          async (known, fate, all, othersMs, ms) => {
            const model: Model = { order: "queues", knows: known, fates: fate };
            const reads = all.filter(({ request }) => request.kind === "read");
            expect(await wrongValues({ ...model, othersMs }, [clean, ...reads])).toEqual([]);
            expect(await wrongValues({ ...model, echoMs: ms }, all)).toEqual([]);
          },
        ),
        schedules,
      );
    },
    patienceMs,
  );

  // All that is promised of a unit that does not answer in order (docs/lines.md): reads, and a device that
  // answers the longer form. Where it is late always, its answers stay in order.
  it(
    "belongs to it also where a later answer overtakes an earlier one",
    async () => {
      await fc.assert(
        fc.asyncProperty(onceOrAlways, steps, async (fate, schedule) => {
          const reads = schedule.filter(({ request }) => request.kind === "read");
          const model: Model = { order: "overtakes", knows: "flat", fates: fate };
          expect(await wrongValues(model, reads)).toEqual([]);
        }),
        schedules,
      );
    },
    patienceMs,
  );

  it(
    "belongs to it also where many answers come seconds late and each overtakes others",
    async () => {
      await fc.assert(
        fc.asyncProperty(strays, steps, async (fate, schedule) => {
          const reads = schedule.filter(({ request }) => request.kind === "read");
          const model: Model = { order: "overtakes", knows: "flat", fates: fate };
          expect(await wrongValues(model, [...reads, ...reads, ...reads])).toEqual([]);
        }),
        schedules,
      );
    },
    patienceMs,
  );
});
