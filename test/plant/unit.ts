/** One device on a line: its registers, what is wrong with it, and its watchdog. */
import type { Mode, Outcome, UnitState } from "./config.js";
import { exceptionPdu, type Request, replyPdu } from "./wire.js";

const illegalFunction = 1;
const illegalAddress = 2;

export type Answer = { outcome: Outcome; pdu?: Buffer };

/** A write that will be put back. */
type Revenge = { atMs: number; address: number; value: number };

export abstract class Unit {
  readonly name: string;
  mode: Mode = {};
  expired = 0;
  /** Words by address; an address that is not here is refused. */
  protected readonly words = new Map<number, number>();
  protected readonly bits = new Map<number, number>();
  /** Registers that can only be written. */
  protected readonly writeOnly = new Set<number>();
  protected readonly readOnly = new Set<number>();
  /** Registers that tell what the device is. */
  protected readonly identity: number[] = [];
  #requests = 0;
  #fedAtMs: number | undefined;
  readonly #revenges: Revenge[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Words were taken: the device does what they say. Gives an exception where it will not. */
  protected abstract obey(address: number, value: number): number | undefined;
  /** Registers brought to what the device is now, before they are read. */
  protected abstract show(): void;
  abstract tick(seconds: number, nowMs: number): void;
  /** Its own fault: lets go until it is reset. */
  abstract fail(): void;
  /** The cause of the fault is gone and somebody has reset it at the device. */
  abstract cure(): void;
  abstract state(): UnitState;
  /** The panel takes the command, or gives it back. */
  protected takeLocal(_isLocal: boolean): void {}

  setMode(mode: Mode): void {
    const wasLocal = this.mode.local === true;
    this.mode = mode;
    if (wasLocal !== (mode.local === true)) this.takeLocal(mode.local === true);
  }

  get(address: number): number {
    this.show();
    return this.words.get(address) ?? Number.NaN;
  }

  /** As by another hand: obeyed like a write. */
  set(address: number, value: number): void {
    if (!this.words.has(address)) {
      this.bits.set(address, value);
      return;
    }
    this.words.set(address, value & 0xffff);
    this.obey(address, value & 0xffff);
  }

  answer(request: Request, nowMs: number): Answer {
    const { mode } = this;
    this.#requests++;
    const isWrite = request.values.length > 0;
    if (mode.silent === true) return { outcome: "silent" };
    const { exception } = mode;
    if (exception !== undefined && (isWrite || exception.only !== "writes")) {
      if (this.#requests % exception.every === 0) return refusal(request, exception.code);
    }
    if (isWrite) return this.#write(request, nowMs);
    return this.#read(request);
  }

  /** A frame on the line: for this unit, or for another. */
  heard(request: Request, isMine: boolean, nowMs: number): void {
    const { watchdog } = this.mode;
    if (watchdog === undefined) return;
    const { fedBy } = watchdog;
    const feeds = fedBy === "frames" || (isMine && (fedBy === "requests" || this.#isWord(request)));
    if (feeds) this.#fedAtMs = nowMs;
  }

  #isWord({ values }: Request): boolean {
    return values.length > 0;
  }

  watch(nowMs: number): void {
    this.#putBack(nowMs);
    const { watchdog } = this.mode;
    if (watchdog === undefined || this.#fedAtMs === undefined) return;
    if (nowMs - this.#fedAtMs <= watchdog.timeMs) return;
    this.#fedAtMs = undefined;
    this.expired++;
    this.fail();
  }

  #read(request: Request): Answer {
    const { code, address, count } = request;
    if (code < 1 || code > 4) return refusal(request, illegalFunction);
    this.show();
    const table = code <= 2 ? this.bits : this.words;
    const found: number[] = [];
    for (let at = address; at < address + count; at++) {
      const value = table.get(at);
      if (value === undefined || this.writeOnly.has(at)) return refusal(request, illegalAddress);
      const isOther = this.mode.stranger === true && this.identity.includes(at);
      found.push(isOther ? 0x1234 : value);
    }
    return { outcome: "done", pdu: replyPdu(request, found) };
  }

  #write(request: Request, nowMs: number): Answer {
    const { address, values, code } = request;
    const { refuses = [], ignores, local } = this.mode;
    const isBit = code === 5 || code === 15;
    if (!isBit && code !== 6 && code !== 16) return refusal(request, illegalFunction);
    const table = isBit ? this.bits : this.words;
    for (let at = address; at < address + values.length; at++) {
      const isThere = table.has(at) && !this.readOnly.has(at);
      if (!isThere || refuses.includes(at)) return refusal(request, illegalAddress);
    }
    const taken: Answer = { outcome: "done", pdu: replyPdu(request, []) };
    if (ignores === true) return { ...taken, outcome: "ignored" };
    for (const [i, value] of values.entries()) {
      const at = address + i;
      const before = table.get(at)!;
      const code = local === true || isBit ? undefined : this.obey(at, value);
      if (code !== undefined) return refusal(request, code);
      table.set(at, value);
      this.#plotRevenge(at, before, value, nowMs);
    }
    return local === true ? { ...taken, outcome: "local" } : taken;
  }

  #plotRevenge(address: number, before: number, value: number, nowMs: number): void {
    const { changesBack } = this.mode;
    if (changesBack?.addresses.includes(address) !== true || before === value) return;
    this.#revenges.push({ atMs: nowMs + changesBack.afterMs, address, value: before });
  }

  #putBack(nowMs: number): void {
    while ((this.#revenges[0]?.atMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      const { address, value } = this.#revenges.shift()!;
      this.set(address, value);
    }
  }
}

function refusal(request: Request, code: number): Answer {
  return { outcome: `exception ${code}`, pdu: exceptionPdu(request, code) };
}
