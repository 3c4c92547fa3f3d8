import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../../base/error.js";
import { hashBytes } from "../canonical.js";
import { digestName, fileHash } from "../digest.js";
import { tables } from "../layout.js";
import type { RecordReader } from "../reader-port.js";
import { stagedName } from "../replace.js";
import type { RunFile } from "../run-file.js";
import { openScratch, readSchema } from "../sqlite.js";
import { cutOff } from "../trouble.js";
import type { Finding } from "./samples.js";

/** What SQLite finds wrong in its own structures: pages, trees, sizes. */
export function verifyStructure(file: RunFile): Finding[] {
  const rows = file
    .rows(`PRAGMA ${readSchema}.integrity_check(20)`)
    .map((row) => Object.values(row)[0]);
  const broken = rows.filter((text) => text !== "ok");
  return broken.map((text) => ({ table: "run.db", row: "structure", what: String(text) }));
}

/** A file that ends before its own end; what stands before is there, as far as nothing else is found. */
export function verifySize(folder: string): Finding[] {
  const cut = cutOff(folder);
  return cut === undefined ? [] : [{ table: "run.db", row: "size", what: cut }];
}

/** Every attachment is the one whose digest an event of the chain holds, and none is more or missing. */
export function verifyAttachments(reader: RecordReader, file: RunFile): Finding[] {
  if (file.layout < 2) return [];
  const findings: Finding[] = [];
  let told = 0;
  try {
    for (const { kind, data } of reader.events()) {
      if (kind !== "attachment") continue;
      told++;
      const stored = file.attachment(data.name);
      if (stored !== undefined && hashBytes(stored) === data.sha256) continue;
      const what = stored === undefined ? "is missing" : "is not what was attached";
      findings.push({ table: "attachment", row: data.name, what });
    }
  } catch (error) {
    if (!(error instanceof WearoutError)) throw error;
    return findings;
  }
  const rows = file.rows("SELECT count(*) AS n FROM attachment");
  const found = Number(rows[0]?.["n"]);
  if (found === told) return findings;
  const what = `${found} rows, ${told} belong to events`;
  return [...findings, { table: "attachment", row: "", what }];
}

/** The tables and the view are those of the layout, none more and none changed. */
export function verifySchema(file: RunFile): Finding[] {
  if (file.layout < 2) return [];
  const list = (schema: string) =>
    `SELECT name, sql FROM ${schema}.sqlite_schema WHERE sql IS NOT NULL ORDER BY name`;
  const scratch = openScratch();
  scratch.exec(tables);
  const wanted = new Map(
    scratch
      .prepare(list("main"))
      .all()
      .map((r) => [r["name"], r["sql"]]),
  );
  scratch.close();
  const found = new Map(file.rows(list(readSchema)).map((r) => [r["name"], r["sql"]]));
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names]
    .filter((name) => wanted.get(name) !== found.get(name))
    .map((name) => ({ table: String(name), row: "definition", what: "is not that of the layout" }));
}

/**
 * The digest that an ended run leaves beside its database finds what no row shows: changed room that is
 * free, or SQLite's own bookkeeping. Undefined when there is no digest (the run goes on, or a reader
 * kept the file in WAL mode).
 */
export function verifyDigest(folder: string): Finding | "agrees" | undefined {
  const path = join(folder, digestName);
  if (!existsSync(path)) return undefined;
  const found = fileHash(join(folder, "run.db"));
  // A compacting that was killed between its two renames has put the next digest beside the old one.
  const noted = [path, stagedName(path)].filter((p) => existsSync(p));
  if (noted.some((p) => readFileSync(p, "utf8").split(" ")[0] === found)) return "agrees";
  return { table: "run.db", row: "whole file", what: `its bytes are not those of ${digestName}` };
}
