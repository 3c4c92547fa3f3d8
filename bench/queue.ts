/** What the line queue costs on top of a transport that answers at once: `node build/bench/queue.js`. */
import { RealClock } from "../src/base/clock.js";
import type { Request } from "../src/device/request.js";
import { newStatistics, type Reply, type Transport } from "../src/line/line.js";
import { LineQueue } from "../src/line/queue.js";

const clock = new RealClock();
const reply: Reply = { ok: true, words: [1, 2, 3], at: 0 };
const transport: Transport = {
  statistics: newStatistics(),
  exchange: () => Promise.resolve(reply),
  hurry: () => {},
  close: () => Promise.resolve(),
};
const line = new LineQueue("bench", transport, clock);
const request: Request = { kind: "read", table: "holding", address: 0, count: 10 };
const timing = { turnaroundMs: 5, silenceMs: 0 };
const count = 1_000_000;

async function best(run: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const before = clock.elapsed();
    await run();
    best = Math.min(best, (clock.elapsed() - before) * (1e6 / count));
  }
  return best;
}

const bare = await best(async () => {
  for (let i = 0; i < count; i++) await transport.exchange(1, request, timing, false);
});
const idle = await best(async () => {
  for (let i = 0; i < count; i++) await line.exchange(1, request, timing, "fast");
});
const waiting = await best(async () => {
  for (let i = 0; i < count; i += 4) {
    const first = line.exchange(1, request, timing, "fast");
    for (let unit = 2; unit < 4; unit++) void line.exchange(unit, request, timing, "fast");
    await Promise.all([first, line.exchange(4, request, timing, "fast")]);
  }
});
console.log(`transport alone     ${bare.toFixed(0)} ns/exchange`);
console.log(`queue, line idle    ${idle.toFixed(0)} ns/exchange`);
console.log(`queue, four waiting ${waiting.toFixed(0)} ns/exchange`);
