import type { ElapsedMs } from "../base/clock.js";
import type { ReadRequest, Table } from "../device/request.js";
import { mostValues } from "../device/rtu-frame.js";
import type { Asked } from "./framer.js";

/**
 * A way to ask. `wide`: the same read with a longer answer, in which the wanted values begin at `from`.
 * `proof`: its answer only shows that what was asked before will not be answered any more.
 */
export type Form = { kind: "itself" | "wide" | "proof"; asked: Asked; from: number };

/** What a unit refused, or alone met with silence, is not tried again for so long. */
const unfitMs = 600_000;
/** So often, and never an answer: the unit says nothing to it. Fewer may be answers that got lost or come late. */
const silencesToUnfit = 3;
/** Refusals of one form count together no longer than this. */
const inARowMs = 1000;
/** Registers more than asked for, at most; or bytes of bits. */
const widest = 8;

/** The other ways to ask, and which of them a unit has no answer for. */
export class Forms {
  readonly #now: () => ElapsedMs;
  readonly #unfit = new Map<string, ElapsedMs>();
  /** How often a unit was silent to what; and what it has answered, so that silence to it shows nothing. */
  readonly #silences = new Map<string, number>();
  readonly #known = new Set<string>();
  /** Longer forms that were asked only to see whether they are refused: how often they were, and when last. */
  readonly #tried = new Map<string, { refused: number; at: ElapsedMs }>();

  constructor(now: () => ElapsedMs) {
    this.#now = now;
  }

  /** The first wider form that `isUsable`: further up, else further down. */
  wide(asked: Asked, isUsable: (asked: Asked) => boolean): Form | undefined {
    const { unit, request } = asked;
    if (request.kind === "write" || this.#isUnfit(`${unit} wide`)) return undefined;
    for (const sign of [1, -1] as const) {
      // What refuses a wide read refuses a wider one.
      const forms = wider(unit, request, sign);
      if (forms.some((form) => this.#isUnfit(keyOf(form)))) continue;
      const usable = forms.find((form) => isUsable(form.asked));
      if (usable !== undefined) return usable;
    }
    return undefined;
  }

  /** A wider form of which it is not known whether the unit refuses it. */
  untried(asked: Asked): Form | undefined {
    return this.wide(asked, (a) => {
      const tried = this.#tried.get(keyOf({ kind: "wide", asked: a, from: 0 }));
      return tried === undefined || tried.refused > 0;
    });
  }

  /** `others`: so many refusals may still come that are none of it. Is it now known to be refused? */
  wasTried(form: Form, isRefused: boolean, others: number): boolean {
    const key = keyOf(form);
    const at = this.#now();
    const tried = this.#tried.get(key);
    const before = tried !== undefined && at - tried.at < inARowMs ? tried.refused : 0;
    const refused = isRefused ? before + 1 : 0;
    this.#tried.set(key, { refused, at });
    if (refused <= others) return false;
    this.#tried.delete(key);
    this.wasRefused(form);
    return true;
  }

  proof(asked: Asked): Form | undefined {
    const isFit = (form: Form) =>
      !this.#isUnfit(keyOf(form)) && !this.#isUnfit(`${asked.unit} ${form.asked.request.table}`);
    return proofs(asked).find(isFit);
  }

  wasRefused(form: Form): void {
    this.#unfit.set(keyOf(form), this.#now() + unfitMs);
  }

  wasAnswered(form: Form): void {
    this.#known.add(kindOf(form));
  }

  /** The unit answered the question itself instead. */
  wasSilent({ kind, asked }: Form): void {
    const key = kindOf({ kind, asked });
    if (this.#known.has(key)) return;
    const silences = (this.#silences.get(key) ?? 0) + 1;
    this.#silences.set(key, silences % silencesToUnfit);
    if (silences === silencesToUnfit) this.#unfit.set(key, this.#now() + unfitMs);
  }

  #isUnfit(key: string): boolean {
    return (this.#unfit.get(key) ?? Number.NEGATIVE_INFINITY) > this.#now();
  }
}

function kindOf({ kind, asked }: Pick<Form, "kind" | "asked">): string {
  return `${asked.unit} ${kind === "wide" ? "wide" : asked.request.table}`;
}

function keyOf({ kind, asked: { unit, request } }: Form): string {
  const count = request.kind === "read" ? request.count : 0;
  return `${unit} ${kind} ${request.table} ${request.address} ${count}`;
}

/** It brings what is wanted, all of one moment, and cannot be taken for anything shorter. */
function wider(unit: number, { table, address, count }: ReadRequest, sign: 1 | -1): Form[] {
  const step = isBits(table) ? 8 : 1;
  const forms: Form[] = [];
  for (let more = step; more <= widest * step; more += step) {
    const begins = sign === 1 ? address : address - more;
    const whole = count + more;
    if (begins < 0 || begins + whole > 65_536 || whole > mostValues("read", table)) break;
    const request: ReadRequest = { kind: "read", table, address: begins, count: whole };
    forms.push({ kind: "wide", asked: { unit, request }, from: address - begins });
  }
  return forms;
}

const tables: readonly Table[] = ["holding", "input", "coil", "discrete"];

/** A shorter read, then reads with another function; every answer or refusal to one is a proof. */
function proofs({ unit, request }: Asked): Form[] {
  const { table, address } = request;
  const others = tables.filter((other) => other !== table);
  const reads: ReadRequest[] = [];
  if (request.kind === "write") others.unshift(table);
  else if (shorterBy(request) > 0) reads.push({ ...request, count: shorterBy(request) });
  for (const other of others) reads.push({ kind: "read", table: other, address, count: 1 });
  return reads
    .slice(0, 2)
    .map((read) => ({ kind: "proof", asked: { unit, request: read }, from: 0 }));
}

/** The longest count whose answer is shorter; 0 when there is none. */
function shorterBy({ table, count }: ReadRequest): number {
  return isBits(table) ? (Math.ceil(count / 8) - 1) * 8 : count - 1;
}

function isBits(table: Table): boolean {
  return table === "coil" || table === "discrete";
}
