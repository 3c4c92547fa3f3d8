import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EpochMs, RunMs } from "../base/clock.js";
import { lockName } from "./lock.js";
import { openRecord } from "./reader.js";
import type { RunCondition } from "./reader-port.js";
import { RunFile } from "./run-file.js";
import { verifyChain } from "./verify.js";
import {
  verifyAttachments,
  verifyDigest,
  verifySchema,
  verifySize,
  verifyStructure,
} from "./verify-file.js";
import {
  type Finding,
  type Progress,
  type SampleVerification,
  verifySamples,
} from "./verify-samples.js";

export type RunVerification = Omit<SampleVerification, "findings"> & {
  ok: boolean;
  id: string;
  layout: number;
  /** The wall clock at the start, as it stood. */
  startedWall: EpochMs;
  condition: RunCondition;
  /** Events from the first on whose hashes agree. */
  events: number;
  /** Kept files (rig, profile, products, device types) with the hash of their text. */
  files: readonly { kind: string; name: string; hash: string }[];
  /** What is not as it was written; empty in a good record. */
  findings: readonly Finding[];
  /** Whether the whole file is, byte for byte, the one the run ended with; null when nobody noted it. */
  wholeFile: boolean | null;
  /** The database without the folder it was in: a copy, which ends where that was when it was made. */
  isPart: boolean;
  /** What a crash may have cost, in ms of samples; null when the run ended in order. */
  lossWindowMs: RunMs | null;
};

/** Published in docs/record.md: samples wait so long for the disk at most, before one write. */
const lossWindowMs = 1000;

/**
 * Everything that can be told of a record from its own folder: chain, digests, rollups, structure. Throws
 * `RECORD_UNKNOWN` or, when nothing of it can be read, `RECORD_DAMAGED`.
 */
export function verifyRun(root: string, id: string, progress: Progress): RunVerification {
  const reader = openRecord(root, id);
  const file = new RunFile(reader.folder);
  try {
    const { header, condition } = reader;
    const chain = verifyChain(reader);
    const { findings, ...samples } = verifySamples(file, header.columns, header.cycleMs, progress);
    const digest = verifyDigest(reader.folder);
    const all: Finding[] = [
      ...eventFinding(chain.firstBad),
      ...chain.badFiles.map((name) => ({ table: "file", row: name, what: "is not what was kept" })),
      ...findings,
      ...verifyAttachments(reader, file),
      ...verifySchema(file),
      ...verifySize(reader.folder),
      ...verifyStructure(file),
    ];
    if (typeof digest === "object") all.push(all.length > 0 ? digest : besideEverything(digest));
    return {
      ok: all.length === 0,
      id,
      layout: file.layout,
      startedWall: header.startedWall,
      condition,
      events: chain.events,
      files: file.files().map(({ kind, name, hash }) => ({ kind, name, hash })),
      findings: all,
      wholeFile: digest === undefined ? null : digest === "agrees",
      isPart: condition === "interrupted" && !existsSync(join(reader.folder, lockName)),
      lossWindowMs: condition === "ended" ? null : lossWindowMs,
      ...samples,
    };
  } finally {
    file.close();
    reader.close();
  }
}

/**
 * What must be right before a run is written on: header, kept files, chain of events, attachments, the
 * structure of the file. Samples are decoded by whoever folds them. Throws `RECORD_DAMAGED` and says what
 * is trustworthy.
 */
export function verifyToGoOn(root: string, id: string): void {
  const reader = openRecord(root, id);
  const file = new RunFile(reader.folder);
  try {
    const chain = verifyChain(reader);
    const files = chain.badFiles.map((name) => ({ table: "file", row: name, what: "changed" }));
    const rest = [...verifyAttachments(reader, file), ...verifySchema(file)];
    const [first] = [...eventFinding(chain.firstBad), ...files, ...rest, ...verifyStructure(file)];
    if (first === undefined) return;
    const trusted = `${chain.events} events before it are as written; see: wearout run verify ${id}`;
    throw file.damaged(`${first.table} ${first.row}: ${first.what}; ${trusted}`);
  } finally {
    file.close();
    reader.close();
  }
}

/** Between rows, and in room they left, lie bytes that nothing reads: only the digest tells of them. */
function besideEverything(digest: Finding): Finding {
  const right =
    "every row, digest and page is right, so what changed is in room that nothing reads";
  return { ...digest, what: `${digest.what}; ${right}` };
}

function eventFinding(bad: { seq: number; why: string } | undefined): Finding[] {
  return bad === undefined ? [] : [{ table: "event", row: bad.seq, what: bad.why }];
}
