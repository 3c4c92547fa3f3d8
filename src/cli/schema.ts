/** JSON Schemas of the files people write, of records and journals, and of what verbs take and answer; shipped in `schema/`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { WearoutError } from "../base/error.js";
import { jsonSchemaOf } from "../base/json-schema.js";
import type { TSchema } from "../base/schema.js";
import { DeviceType } from "../device/device-type.js";
import { Product } from "../profile/product.js";
import { Profile } from "../profile/profile.js";
import { EventBody } from "../record/document/event.js";
import { RunSummary } from "../record/document/run.js";
import { JournalBody } from "../record/journal/kinds.js";
import { RigFile } from "../rig/rig-file.js";
import { verbDocuments } from "../verb/all.js";
import { json } from "./output.js";
import type { Shell } from "./shell.js";

const written: readonly TSchema[] = [DeviceType, RigFile, Profile, Product];
const kept: readonly TSchema[] = [EventBody, RunSummary, JournalBody];
const kinds = [...written, ...kept, ...verbDocuments];

/** File name and text of each; the same schemas always give the same text. */
export function schemaFiles(): { name: string; text: string }[] {
  return kinds.map((kind) => ({
    name: `${kind.$id ?? ""}.json`,
    text: `${json(jsonSchemaOf(kind))}\n`,
  }));
}

export function addSchema(program: Command, shell: Shell): void {
  program
    .command("schema")
    .description(
      "JSON Schemas: of files people write, records, journals, and what verbs take and answer",
    )
    .command("export [dir]")
    .description("write one file per schema (default: schema)")
    .action(shell.action((dir?: string) => exportTo(shell, dir ?? "schema")));
}

function exportTo(shell: Shell, dir: string): number {
  try {
    mkdirSync(dir, { recursive: true });
    for (const { name, text } of schemaFiles()) writeFileSync(join(dir, name), text);
  } catch (error) {
    throw new WearoutError("USAGE", `cannot write to ${dir}: ${(error as Error).message}`);
  }
  shell.out.talk(`${kinds.length} schemas written to ${dir}`);
  return 0;
}
