/** A line opened as a rig opens it, exchanges in a mix, each good one held against what the server served. */
import { setTimeout as pause } from "node:timers/promises";
import { RealClock } from "../../../src/base/clock.js";
import { functionCode, type Request } from "../../../src/device/request.js";
import type { Lane, Line } from "../../../src/line/line.js";
import { type LineSpec, openClaimedLine } from "../../../src/line/open.js";
import { monotonicMs } from "../../plant/config.js";
import { Dice } from "../safety-dice.js";
import type { Demand, LinkKind } from "./faults.js";
import { type Taken, wrongness } from "./judge.js";
import type { Peer } from "./peer.js";
import { firstWritable, meterUnit } from "./question.js";
import { type Result, type Size, shareFailure } from "./row.js";

/** What a rig takes for a device whose type states nothing. */
const usualTurnaroundMs = 50;
/** Where an answer is late a question is nearly always under way when it comes. */
const paceOf = ({ fault, frozenMs }: Demand) => (fault.late || frozenMs !== undefined ? 16 : 60);
const baud = 19_200;

export function specOf(kind: LinkKind, place: string): LineSpec {
  if (kind === "tcp") return { tcp: place };
  const wire = { baud, format: "8E1" } as const;
  return kind === "rtu" ? { serial: place, ...wire } : { rtuTcp: place, ...wire };
}

/** How long a row must go on for its fault to show. */
export function rowMs({ fault, frozenMs = 0, turnaroundMs = 0 }: Demand): number {
  const { late, warmUpMs = 0 } = fault;
  return 6000 + 2 * (late?.ms ?? 0) + 3 * warmUpMs + 3 * frozenMs + 5 * turnaroundMs;
}

/** The row's name is the seed: the same row asks the same questions. Stops the peer. */
export async function apiRow(
  name: string,
  peer: Peer,
  kind: LinkKind,
  size: Size,
  demand: Demand,
): Promise<Result> {
  try {
    const line = await openClaimedLine(name, specOf(kind, peer.place), new RealClock(), name);
    const asker = new Asker(line, size, demand, dice(name));
    const untilMs = monotonicMs() + rowMs(demand);
    const freezing = freezeTwice(peer, demand);
    while (monotonicMs() < untilMs) await asker.once();
    await freezing;
    await line.close();
    await peer.stop();
    return asker.result(peer, line);
  } finally {
    await peer.stop();
  }
}

function dice(name: string): Dice {
  return new Dice([...name].reduce((seed, c) => (seed * 31 + c.charCodeAt(0)) % 65_521, 7));
}

export async function freezeTwice(peer: Peer, { frozenMs }: Demand): Promise<void> {
  if (frozenMs === undefined) return;
  for (let i = 0; i < 2; i++) {
    await pause(2500);
    await peer.freeze(frozenMs);
  }
}

class Asker {
  readonly #line: Line;
  readonly #size: Size;
  readonly #demand: Demand;
  readonly #dice: Dice;
  readonly #startedAtMs = monotonicMs();
  readonly #taken: Taken[] = [];
  #reads = 0;
  #goodReads = 0;

  constructor(line: Line, size: Size, demand: Demand, dice: Dice) {
    this.#line = line;
    this.#size = size;
    this.#demand = demand;
    this.#dice = dice;
  }

  /** One exchange, and the rest of its pace. */
  async once(): Promise<void> {
    const { turnaroundMs = usualTurnaroundMs } = this.#demand;
    const request = this.#request();
    const fromMs = monotonicMs();
    const timing = { turnaroundMs, silenceMs: 0 };
    const reply = await this.#line.exchange(meterUnit, request, timing, this.#lane(request));
    const toMs = monotonicMs();
    if (request.kind === "read" && fromMs - this.#startedAtMs >= (this.#demand.settleMs ?? 0)) {
      this.#reads++;
      if (reply.ok) this.#goodReads++;
    }
    if (reply.ok) {
      const values = request.kind === "write" ? request.values : [...reply.words];
      const code = functionCode(request);
      this.#taken.push({ unit: meterUnit, code, address: request.address, values, fromMs, toMs });
    }
    await pause(Math.max(1, paceOf(this.#demand) - (toMs - fromMs)));
  }

  #request(): Request {
    const isWrite = this.#reads > 3 && this.#dice.chance(0.25);
    if (this.#size === "mix" && isWrite) return this.#write();
    const size = this.#size === "mix" ? this.#dice.one(["1", "2", "10", "bits"]) : this.#size;
    const place = this.#dice.upTo(4);
    if (size === "bits") return { kind: "read", table: "coil", address: 8 * place, count: 8 };
    if (size === "bit") return { kind: "read", table: "discrete", address: 8 * place, count: 1 };
    const count = Number(size);
    return { kind: "read", table: "holding", address: 11 * place, count };
  }

  #write(): Request {
    const address = firstWritable + this.#dice.upTo(4);
    const isSingle = this.#dice.chance(0.6);
    const values = Array.from({ length: isSingle ? 1 : 3 }, () => this.#dice.upTo(0x10000));
    return { kind: "write", table: "holding", address, values, single: isSingle };
  }

  #lane({ kind }: Request): Lane {
    if (kind === "write") return this.#dice.chance(0.3) ? "stop" : "write";
    return this.#dice.one(["fast", "fast", "slow", "probe"]);
  }

  result({ questions }: Peer, { statistics }: Line): Result {
    const { share, names } = this.#demand;
    const found = this.#taken.map((taken) => wrongness(taken, questions, "atMs"));
    const wrong = found.filter((text) => text !== undefined);
    const failures: string[] = [];
    const tooFew = shareFailure(this.#goodReads, this.#reads, share);
    if (tooFew !== undefined) failures.push(tooFew);
    const isNamed = names === undefined || namedIn(statistics, names);
    if (!isNamed) failures.push(`the counters do not name it (${names})`);
    return { asked: this.#reads, good: this.#goodReads, wrong, failures };
  }
}

/** A counter of that name that has counted something. */
function namedIn(statistics: object, names: RegExp): boolean {
  return Object.entries(statistics).some(([key, value]) => names.test(key) && Boolean(value));
}
