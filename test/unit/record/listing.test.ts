import { renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { quickListing } from "../../../src/record/listing.js";
import { listRuns } from "../../../src/record/reader.js";
import { createRecord } from "../../../src/record/writer.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, nothingLived, summaryOf } from "./run.js";

let root: string;
let folder: string;

beforeEach(async () => {
  root = newRoot();
  const writer = await createRecord(root, header, new ManualClock());
  await writer.commit([eventOf(1)]);
  const one = { ...header.specimens[0]!, outcome: "failed", mode: "wear", exposure: nothingLived };
  await writer.end({ ...summaryOf(writer.id), stations: [one] });
  folder = writer.folder;
});

describe("a run in one line", () => {
  it("is the same from its summary as from its database", () => {
    const quick = quickListing(folder, "bench-1");
    expect(quick).toMatchObject({ id: "bench-1", condition: "ended", problem: null });
    renameSync(join(folder, "summary.json"), join(folder, "away"));
    expect(quickListing(folder, "bench-1")).toBeUndefined();
    expect(listRuns(root)).toEqual([quick]);
  });

  it("is not taken from a summary beside a database that is cut, empty, longer or gone", () => {
    const file = join(folder, "run.db");
    truncateSync(file, 8192);
    expect(quickListing(folder, "bench-1")).toBeUndefined();
    expect(listRuns(root)).toMatchObject([{ condition: "damaged" }]);
    writeFileSync(file, "");
    expect(quickListing(folder, "bench-1")).toBeUndefined();
    rmSync(file);
    expect(quickListing(folder, "bench-1")).toBeUndefined();
  });

  it("is not taken from the summary of another run, or from one that is none", () => {
    expect(quickListing(folder, "bench-2")).toBeUndefined();
    for (const text of ["", "null", "{}", '{"id":"bench-1"}']) {
      writeFileSync(join(folder, "summary.json"), text);
      expect(quickListing(folder, "bench-1")).toBeUndefined();
    }
    expect(listRuns(root)).toMatchObject([{ condition: "ended" }]);
  });
});
