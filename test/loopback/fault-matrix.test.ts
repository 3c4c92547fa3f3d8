/**
 * Every fault on every kind of line, under a read, a write, and a stop that comes while a read suffers
 * from it. A cell says how that exchange ends: `value` (the right one), `done` (confirmed), or the class
 * of the error; `+` behind it says that the write was carried out all the same.
 */
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.js";
import type { Reply } from "../../src/line/line.js";
import { type Faults, noFaults } from "../../src/sim/fault.js";
import { faultOptions, faultsFrom } from "../../src/sim/fault-option.js";
import { type Bench, held, kinds, openBench, read, sumOfEnds, timing, write } from "./all-lines.js";

const matrix = `
fault                             | serial read  | write        | stop      | TCP read     | write        | stop      | counts
timeout=1                         | timeout      | timeout      | done      | timeout      | timeout      | done      | timeouts
late=1 late-ms=20                 | value        | done         | done      | value        | done         | done      | ok
late=1 late-ms=380                | timeout      | timeout+     | done      | timeout      | timeout+     | done      | lateReplies
slow-ms=20                        | value        | done         | done      | value        | done         | done      | ok
crc=1                             | crc          | crc+         | done      | value        | done         | done      | crc ok
noise-before=1                    | value        | done         | done      | value        | done         | done      | staleBytes ok
noise-inside=1                    | crc partial  | crc+ partial+| done      | value        | done         | done      | retries ok
wrong-unit=1                      | foreign      | foreign+     | done      | foreign      | foreign+     | done      | foreign
echo=1                            | value        | echo+        | done      | value        | echo+        | done      | ok
byte-count=1                      | length       | done stale+  | done      | length       | done         | done      | length
split=1                           | value        | done         | done      | value        | done         | done      | ok
merged=1                          | timeout      | timeout+     | done      | timeout      | timeout+     | done      | lateReplies
exception=1 exception-code=4      | exception 4  | exception 4  | done      | exception 4  | exception 4  | done      | exceptions
busy=1 busy-ms=900                | exception 6  | exception 6  | exception | exception 6  | exception 6  | exception | exceptions
stuck=1                           | value        | done         | done      | value        | done         | done      | ok
dropout=1 dropout-ms=900          | timeout      | timeout      | timeout   | timeout      | timeout      | timeout   | timeouts
unplug=1 unplug-ms=900            | timeout      | timeout      | timeout   | closed       | closed       | closed    | timeouts closed
reset=1                           | value        | done         | done      | closed       | closed+      | done      | ok reconnects
half-open=1                       | value        | done         | done      | timeout      | timeout+     | timeout   | ok timeouts
wrong-id=1                        | value        | done         | done      | timeout      | timeout+     | done      | ok lateReplies
wrap-id=1                         | value        | done         | done      | timeout      | timeout+     | done      | ok lateReplies
bad-length=1                      | value        | done         | done      | length       | length+      | done      | ok reconnects
`;

type Row = { fault: string; cells: readonly (readonly string[])[]; counts: readonly string[] };

const rows: Row[] = matrix
  .trim()
  .split("\n")
  .slice(1)
  .map((text) => {
    const [fault = "", ...cells] = text.split("|").map((cell) => cell.trim());
    const words = cells.map((cell) => cell.match(/exception \d|\S+/g) ?? []);
    return { fault, cells: words.slice(0, -1), counts: words.at(-1) ?? [] };
  });

/** The register that is written, and what it is written to. */
const target = { address: 30, value: 7 };
/** Faults that last are over in 0.9 s, long enough for a stop to meet them on a busy machine. */
const longestRecovery = 100;
const pauseMs = 25;

function faultsOf(text: string): Faults {
  const pairs = text.split(" ").map((pair) => pair.split("=") as [string, string]);
  return faultsFrom(pairs);
}

/** A bench whose fault hits exactly one exchange, or those of its time. */
async function struck(row: Row, kind: Bench["kind"], again: boolean) {
  let onDraw = () => {};
  const drawn = new Promise<void>((resolve) => {
    onDraw = resolve;
  });
  const random = randomStream(3, row.fault);
  const bench = await openBench(kind, {}, () => {
    onDraw();
    return random();
  });
  if (typeof bench === "string") return bench;
  Object.assign(bench.faults, faultsOf(row.fault));
  const isShare = Object.entries(bench.faults).some(
    ([name, n]) => name.endsWith("Share") && Number(n) > 0,
  );
  const calm = () => void Object.assign(bench.faults, noFaults);
  // A share may strike the second attempt too; a stop must find the line as the read left it.
  if (isShare && !again) void drawn.then(calm);
  return { bench, calm, drawn: isShare ? drawn : Promise.resolve() };
}

function outcome(reply: Reply): string {
  if (reply.ok) return reply.words.length === 0 ? "done" : "value";
  return reply.fault === "exception" ? `exception ${reply.exception}` : reply.fault;
}

/** The cell of this kind of line: a virtual one of the sort says `closed` where a port would stay. */
function expected(row: Row, kind: Bench["kind"], policy: number): readonly string[] {
  const tcp = kind.endsWith("TCP");
  const gone = row.fault.startsWith("unplug") && !kind.startsWith("serial");
  return row.cells[(tcp || gone ? 3 : 0) + policy] ?? [];
}

/** With real bytes a busy machine may be too late for an answer: a matter of time, not of the line. */
function mayBeLate(bench: Bench, seen: string): string | undefined {
  return !bench.kind.startsWith("virtual") && seen.startsWith("timeout") ? "time" : undefined;
}

/** Then it is asked for again. */
async function readInTime(bench: Bench, address: number, unit: number): Promise<Reply> {
  let reply = await read(bench, address, 2, unit);
  const inTime = () => reply.ok || reply.fault !== "timeout" || bench.kind.startsWith("virtual");
  for (let tries = 1; !inTime() && tries < longestRecovery; tries++) {
    reply = await read(bench, address, 2, unit);
  }
  return reply;
}

/** Whatever happened: the line works again, and every value is that of its own unit and register. */
async function recovered(bench: Bench): Promise<void> {
  let tries = 0;
  while (outcome(await write(bench, 31, 0, "stop")) !== "done") {
    tries++;
    expect(tries).toBeLessThan(longestRecovery);
    await bench.clock.sleep(pauseMs);
  }
  for (const [unit, address] of [
    [1, 3],
    [2, 3],
    [2, 12],
    [1, 12],
    [1, 20],
  ] as const) {
    const reply = await readInTime(bench, address, unit);
    expect(reply.ok ? [...reply.words] : reply.fault).toEqual([
      held(unit, address),
      held(unit, address + 1),
    ]);
  }
  const { exchanges, retries } = bench.line.statistics;
  expect(sumOfEnds(bench)).toBe(exchanges + retries);
}

/** One of the counters moves, at the latest when a late answer has come. */
async function counted(bench: Bench, names: readonly string[]): Promise<void> {
  const { statistics } = bench.line;
  let tries = 0;
  while (!names.some((name) => Number(statistics[name as keyof typeof statistics]) > 0)) {
    tries++;
    expect(tries, `one of ${names.join(", ")}`).toBeLessThan(longestRecovery);
    await bench.clock.sleep(pauseMs);
  }
}

describe.each(kinds)("on a %s", (kind) => {
  describe.concurrent.each(rows)("$fault", (row) => {
    it("a read gives the right value or its class", async ({ expect: check, skip }) => {
      const s = await struck(row, kind, true);
      if (typeof s === "string") return skip(s);
      const { bench, calm } = s;
      const reply = await read(bench, 10);
      calm();
      const seen = outcome(reply);
      check(expected(row, kind, 0), mayBeLate(bench, seen)).toContain(seen);
      if (reply.ok) check([...reply.words]).toEqual([held(1, 10), held(1, 11)]);
      await recovered(bench);
      await counted(bench, row.counts);
      await bench.close();
    });

    it("a write is confirmed truly or not at all", async ({ expect: check, skip }) => {
      const s = await struck(row, kind, true);
      if (typeof s === "string") return skip(s);
      const { bench, calm } = s;
      const reply = await write(bench, target.address, target.value);
      calm();
      const device = bench.devices.get(1)!;
      const carriedOut = device.get(`r${target.address}`) === target.value;
      const seen = outcome(reply);
      const said = seen !== "done" && carriedOut ? `${seen}+` : seen;
      check(expected(row, kind, 1), mayBeLate(bench, said)).toContain(said);
      if (reply.ok) check(carriedOut).toBe(true);
      await recovered(bench);
      await bench.close();
    });

    it("a stop behind a read that suffers gets through", async ({ expect: check, skip }) => {
      const s = await struck(row, kind, false);
      if (typeof s === "string") return skip(s);
      const { bench, calm, drawn } = s;
      const poll = read(bench, 10);
      await drawn;
      const stop = await write(bench, target.address, target.value, "stop");
      calm();
      const polled = await poll;
      if (polled.ok) check([...polled.words]).toEqual([held(1, 10), held(1, 11)]);
      const ended = outcome(stop);
      const wanted = new RegExp(`^(${expected(row, kind, 2).join("|")})`);
      check(ended, mayBeLate(bench, ended)).toMatch(wanted);
      if (stop.ok) check(bench.devices.get(1)!.get(`r${target.address}`)).toBe(target.value);
      if (stop.ok && kind.startsWith("virtual")) {
        check(bench.line.statistics.stopLatency.max).toBeLessThan(2 * timing.turnaroundMs + 60);
      }
      await recovered(bench);
      await bench.close();
    });
  });
});

it("the matrix holds every fault there is", () => {
  const shares = Object.keys(faultOptions).filter((name) => {
    const { field } = faultOptions[name]!;
    return field.endsWith("Share") || field === "slowMs";
  });
  const inMatrix = new Set(rows.map(({ fault }) => fault.split("=")[0]));
  expect([...inMatrix].sort()).toEqual(shares.sort());
  expect(rows.every(({ cells }) => cells.length === 6 && cells.every((c) => c.length > 0))).toBe(
    true,
  );
});
