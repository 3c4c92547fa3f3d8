/**
 * Examples keep a shared codec honest: raw frames or words from a manual or a real unit, checked
 * against what the type says they mean. Manuals print wrong frames too; the CRC is recomputed.
 */
import { type Path, show, suggest } from "../base/schema.js";
import { planBlocks } from "./blocks.js";
import { compilePoints, type PointCodec } from "./codec.js";
import { type Codecs, modified, planWrite } from "./command.js";
import type { DeviceType, Example } from "./device-type.js";
import type { Finding } from "./finding.js";
import { parameterValues } from "./parameter.js";
import type { Request, Table, WriteRequest } from "./request.js";
import { crc16, crcFits, encodeRequest, parseReply, parseRequest } from "./rtu-frame.js";

type Value = number | string;
/** Words of one table with the address of the first. */
type Words = { table: Table; address: number; words: ArrayLike<number> };

/** Everything the example says that our codec, write rules and frames do not reproduce. */
export function verifyExample(type: DeviceType, example: Example, path: Path): Finding[] {
  const { values, problems } = parameterValues(type, example.parameters);
  if (problems.length > 0) {
    return problems.map(({ name, found, expected }) => {
      return { path: [...path, "parameters", name], found, expected };
    });
  }
  const unknown = unknownPoints(type, example, path);
  if (unknown.length > 0) return unknown;
  return new Verifier(type, compilePoints(type, values), example, path).run();
}

function unknownPoints(type: DeviceType, example: Example, path: Path): Finding[] {
  const known = Object.keys(type.points);
  const lists: [string, string[]][] = [
    ["writes", Object.keys(example.writes ?? {})],
    ["means", Object.keys(example.means ?? {})],
  ];
  const findings = (example.reads ?? []).flatMap((name, i) =>
    readable(type, name) ? [] : [finding([...path, "reads", i], show(name), suggest(name, known))],
  );
  for (const [key, names] of lists) {
    for (const name of names) {
      if (type.points[name] !== undefined) continue;
      findings.push(finding([...path, key, name], show(name), suggest(name, known)));
    }
  }
  return findings;
}

function readable(type: DeviceType, name: string): boolean {
  const point = type.points[name];
  return point !== undefined && point.access !== "write";
}

class Verifier {
  readonly #type: DeviceType;
  readonly #codecs: Codecs;
  readonly #example: Example;
  readonly #path: Path;
  readonly #findings: Finding[] = [];

  constructor(type: DeviceType, codecs: Codecs, example: Example, path: Path) {
    this.#type = type;
    this.#codecs = codecs;
    this.#example = example;
    this.#path = path;
  }

  run(): Finding[] {
    const { request, reply, reads, writes, means, exception } = this.#example;
    const claims = [reads, writes, means, exception].filter((claim) => claim !== undefined);
    if (claims.length === 0) {
      this.#say([], "an example that verifies nothing", "reads, writes, means or an exception");
    }
    const requestFrame = this.#frame("request", request);
    const replyFrame = this.#frame("reply", reply);
    if (this.#findings.length > 0) return this.#findings;
    this.#checkMissing();
    const parsed = requestFrame === undefined ? undefined : this.#checkRequest(requestFrame);
    if (replyFrame !== undefined) this.#checkReply(replyFrame, requestFrame, parsed);
    this.#checkWords();
    return this.#findings;
  }

  #say(path: Path, found: string, expected: string): void {
    this.#findings.push(finding([...this.#path, ...path], found, expected));
  }

  /** Claims need the frame or the words they are about. */
  #checkMissing(): void {
    const { request, reply, words, reads, writes, means, exception, table, address } =
      this.#example;
    if ((reads ?? writes) !== undefined && request === undefined) {
      this.#say(["request"], "nothing", "the request frame that reads or writes");
    }
    if (exception !== undefined && reply === undefined) {
      this.#say(["reply"], "nothing", "the reply frame with the exception");
    }
    if (means !== undefined && reply === undefined && words === undefined && !writes) {
      this.#say(["reply"], "nothing", "a reply frame or words that mean it");
    }
    if (words !== undefined && (table === undefined || address === undefined || !means)) {
      this.#say(["words"], "words alone", "table, address and means with them");
    }
  }

  #frame(key: "request" | "reply", text: string | undefined): Uint8Array | undefined {
    if (text === undefined) return undefined;
    if (!/^[0-9a-f]{2}( ?[0-9a-f]{2}){4,255}$/i.test(text.trim())) {
      this.#say([key], show(text), "a whole frame as hex bytes, as 01 04 00 00 00 02 71 CB");
      return undefined;
    }
    const frame = Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
    if (crcFits(frame)) return frame;
    const crc = crc16(frame, 0, frame.length - 2);
    const expected = `CRC ${hex(Uint8Array.of(crc & 0xff, crc >>> 8))}`;
    this.#say([key], `CRC ${hex(frame.subarray(-2))}`, expected);
    return frame;
  }

  #checkRequest(frame: Uint8Array): Request | undefined {
    const parsed = parseRequest(frame);
    if (!parsed.ok) {
      this.#say(["request"], parsed.problem, "a request of function 1 to 6, 15, 16, 22 or 23");
      return undefined;
    }
    if (this.#example.reads !== undefined) this.#checkReads(frame, this.#example.reads);
    const { writes } = this.#example;
    if (writes !== undefined) this.#checkWrites(frame, parsed.request, writes);
    return parsed.request;
  }

  #checkReads(frame: Uint8Array, reads: readonly string[]): void {
    const blocks = planBlocks(this.#type, reads, { bridge: 125 });
    const [block] = blocks;
    if (block === undefined || blocks.length !== 1) {
      this.#say(["reads"], `points that need ${blocks.length} reads`, "points of one read");
      return;
    }
    const { table, address, count } = block;
    this.#compare(frame, { kind: "read", table, address, count });
  }

  #checkWrites(frame: Uint8Array, sent: Request, writes: Readonly<Record<string, Value>>): void {
    const requests: WriteRequest[] = [];
    for (const [name, value] of Object.entries(writes)) {
      const factor = this.#assumedFactor(this.#codecs.get(name)!);
      const plan = planWrite(this.#type, this.#codecs, name, value, factor);
      const readFirst = this.#type.points[name]?.write?.readFirst === true;
      if (plan.ok) requests.push(readFirst ? neighboursAs(plan.request, sent) : plan.request);
      else this.#say(["writes", name], plan.error.message, "a write the type allows");
    }
    if (requests.length < Object.keys(writes).length) return;
    const joined = join(requests);
    if (joined === undefined) this.#say(["writes"], "a hole between them", "adjoining points");
    else this.#compare(frame, joined);
  }

  #compare(frame: Uint8Array, ours: Request): void {
    const expected = encodeRequest(frame[0]!, ours);
    if (Buffer.compare(frame, expected) === 0) return;
    this.#say(["request"], hex(frame), `${hex(expected)}, as the points say`);
  }

  #checkReply(frame: Uint8Array, requestFrame?: Uint8Array, request?: Request): void {
    const { exception } = this.#example;
    if (exception !== undefined && (frame.length !== 5 || (frame[1]! & 0x80) === 0)) {
      this.#say(["reply"], hex(frame), "an exception reply of 5 bytes");
      return;
    }
    if (exception !== undefined && frame[2] !== exception) {
      this.#say(["exception"], String(exception), `${frame[2]}, as the reply says`);
      return;
    }
    if (request === undefined || requestFrame === undefined) {
      if (exception === undefined) this.#say(["request"], "nothing", "the request it answers");
      return;
    }
    const reply = parseReply(requestFrame[0]!, request, frame);
    if (!reply.ok) {
      const wanted = reply.fault === "exception" && exception !== undefined;
      if (!wanted) this.#say(["reply"], reply.detail, "a reply to the request");
      return;
    }
    const read = request.kind === "read" ? request : request.reads;
    if (read !== undefined) {
      this.#checkMeaning({ table: request.table, address: read.address, words: reply.words });
    }
  }

  #checkWords(): void {
    const { table, address, words } = this.#example;
    if (table === undefined || address === undefined || words === undefined) return;
    this.#checkMeaning({ table, address, words });
  }

  #checkMeaning(at: Words): void {
    const means = Object.entries(this.#example.means ?? {});
    const sources = new Set([...this.#codecs.values()].map((codec) => codec.scaleFrom));
    let verified = 0;
    for (const [name, value] of means) {
      const codec = this.#codecs.get(name)!;
      const offset = offsetIn(at, codec);
      if (offset !== undefined) {
        verified++;
        this.#checkValue(name, codec, at.words, offset, value);
      } else if (!sources.has(name)) {
        this.#say(["means", name], "a point outside the words", "a point the words hold");
      }
    }
    if (verified === 0) this.#say(["means"], "nothing about the words", "a point the words hold");
  }

  #checkValue(
    name: string,
    codec: PointCodec,
    words: ArrayLike<number>,
    offset: number,
    value: Value,
  ): void {
    const { value: found, quality } = codec.decode(words, offset, this.#assumedFactor(codec));
    const said = typeof value === "string" ? codec.point.enum?.[value] : value;
    if (said === undefined) {
      const known = Object.keys(codec.point.enum ?? {});
      this.#say(["means", name], show(value), suggest(String(value), known));
    } else if (quality !== "good") {
      this.#say(["means", name], show(value), `no value, the words are ${quality}`);
    } else if (Math.abs(found - said) > tolerance(codec) * Math.abs(found)) {
      this.#say(["means", name], show(value), `${found}, as the words say`);
    }
  }

  /**
   * The factor of a point with `scaleFrom`, from what the example says its source is. A source
   * outside the frame is an assumption of the example, not verified.
   */
  #assumedFactor(codec: PointCodec): number | undefined {
    if (codec.scaleFrom === undefined) return undefined;
    const said = this.#example.means?.[codec.scaleFrom];
    const raw = said === undefined ? undefined : this.#codecs.get(codec.scaleFrom)?.toRaw(said);
    return typeof raw === "number" ? codec.factorOf(raw) : Number.NaN;
  }
}

/** Manuals print floats with six or seven digits; everything else must be exact. */
function tolerance(codec: PointCodec): number {
  return codec.point.as === "f32" || codec.point.as === "f64" ? 1e-7 : 1e-12;
}

function offsetIn({ table, address, words }: Words, codec: PointCodec): number | undefined {
  const offset = codec.point.address - address;
  const inside = offset >= 0 && offset + codec.registers <= words.length;
  return codec.point.table === table && inside ? offset : undefined;
}

/** What stood beside a field before it was written is known from the printed frame alone. */
function neighboursAs(request: WriteRequest, sent: Request): WriteRequest {
  return modified(request, sent.kind === "write" ? (sent.values[0] ?? 0) : 0);
}

/** Adjoining writes as one request of function 15 or 16. */
function join(requests: readonly WriteRequest[]): WriteRequest | undefined {
  const [first, ...others] = [...requests].sort((a, b) => a.address - b.address);
  if (first === undefined || others.length === 0) return first;
  const values = [...first.values];
  for (const { table, address, values: more } of others) {
    if (table !== first.table || address !== first.address + values.length) return undefined;
    values.push(...more);
  }
  return { ...first, values, single: false };
}

function finding(path: Path, found: string, expected: string): Finding {
  return { path, found, expected };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .toUpperCase()
    .replaceAll(/..(?=.)/g, "$& ");
}
