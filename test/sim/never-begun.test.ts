import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { entersState, type StoredEvent } from "../../src/record/document/event.js";
import { inputIn } from "../../src/record/document/input-in.js";
import type { RunSummary } from "../../src/record/document/run.js";
import { openRecord } from "../../src/record/reader.js";
import type { RunListing } from "../../src/record/reader-port.js";
import { verifyRun } from "../../src/record/verify/run.js";
import { wearout } from "../cli/command.js";
import { removeFolders, type SimRun } from "./harness.js";
import { killed } from "./killed.js";

const folders: string[] = [];
afterAll(() => {
  removeFolders();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let run: SimRun;
let events: StoredEvent[];
beforeAll(async () => {
  run = await killed();
  const reader = openRecord(run.root, "bearing-four-1");
  events = [...reader.events()];
  reader.close();
});

/** How many events stood in the record at each moment before Execute: whole commits only. */
function moments(): number[] {
  const begun = events.findIndex((e) => entersState(e, "Execute"));
  return events.slice(0, begun).flatMap((e, i) => (inputIn(e) === undefined ? [] : [i]));
}

/** The record as kill -9 leaves it after so many events, without the samples that waited for the disk. */
function killedAfter(count: number): string {
  const root = mkdtempSync(join(tmpdir(), "wearout-never-"));
  folders.push(root);
  cpSync(join(run.root, "bearing-four-1"), join(root, "bearing-four-1"), { recursive: true });
  const db = new DatabaseSync(join(root, "bearing-four-1", "run.db"));
  db.exec(`DELETE FROM event WHERE seq > ${count}; DELETE FROM sample_block`);
  db.close();
  return root;
}

it("a run killed at any moment before it began ends as stopped, and nobody is asked", async () => {
  expect(moments().length).toBeGreaterThan(3);
  for (const count of moments()) {
    const root = killedAfter(count);
    const where = ["--records", root, "--json"];
    const said = await wearout("run", "resume", "bearing-four-1", "--virtual", ...where);
    expect(said.status, `after ${count} events: ${said.talk}`).toBe(0);
    const { outcome, state, stations } = JSON.parse(said.out) as RunSummary;
    expect({ outcome, state }).toEqual({ outcome: "stopped", state: "Stopped" });
    for (const { outcome, exposure } of stations) {
      const { timeOnTestMs } = exposure as Record<string, [number, number]>;
      expect({ outcome, timeOnTestMs }).toEqual({ outcome: "censored", timeOnTestMs: [0, 0] });
    }
    expect(verifyRun(root, "bearing-four-1", () => {}).ok).toBe(true);
    const list = JSON.parse((await wearout("run", "list", ...where)).out) as RunListing[];
    expect(list).toMatchObject([{ condition: "ended", outcome: "stopped" }]);
  }
});

it("a run killed before its first event is ended as never begun", async () => {
  const where = ["--records", killedAfter(0)];
  const said = await wearout("run", "resume", "bearing-four-1", "--virtual", ...where);
  expect(said.talk).toMatch(/run bearing-four-1 ended as never begun/);
  expect(said.out).toMatch(/: stopped \(Stopped\), ended as never begun\n/);
});
