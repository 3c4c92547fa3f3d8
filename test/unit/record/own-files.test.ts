import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRecord, reopenRecord } from "../../../src/record/writer.js";
import type { RecordWriter } from "../../../src/record/writer-port.js";
import { newRoot } from "./fixture.js";
import { eventOf, header, ManualClock, sampleOf, summaryOf } from "./run.js";

async function writing() {
  const root = newRoot();
  const clock = new ManualClock();
  const writer = await createRecord(root, header, clock);
  await writer.commit([eventOf(1)]);
  await second(writer, clock, 1);
  return { root, clock, writer, folder: join(root, writer.id) };
}

/** A second of samples, and the group commit at its end. */
async function second(writer: RecordWriter, clock: ManualClock, n: number): Promise<void> {
  writer.sample(sampleOf(n));
  await clock.advance(1000);
  await writer.pressure();
  await until(() => writer.backlog === 0);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** Another process does it: a second descriptor of `run.db` in this one would cost its lock. */
const shell = (command: string, folder: string) =>
  execFileSync("sh", ["-c", command, "sh", folder], { stdio: "ignore" });

describe("a record that is taken away while it is written", () => {
  it.each<[string, string, RegExp]>([
    ["its folder removed", 'rm -r "$1"', /removed or renamed/],
    ["its folder renamed", 'mv "$1" "$1-mine"', /removed or renamed/],
    ["its database renamed", 'mv "$1/run.db" "$1/old.db"', /removed or renamed/],
    [
      "its database replaced",
      'cp "$1/run.db" "$1/x" && mv "$1/x" "$1/run.db"',
      /replaced by others/,
    ],
    [
      "its folder replaced by a copy",
      'cp -r "$1" "$1-b"; rm -r "$1"; mv "$1-b" "$1"',
      /replaced by others/,
    ],
    ["its WAL removed", 'rm "$1/run.db-wal"', /replaced by others/],
    [
      "its database overwritten with as many bytes",
      'cp "$1/run.db" "$1/x"; cat "$1/x" > "$1/run.db"',
      /else has written/,
    ],
    ["its database cut off", ': > "$1/run.db"', /else has written/],
  ])(
    "%s: the run is to be held with the second's samples, and cannot end as if it were kept",
    async (_, command, why) => {
      const { clock, writer, folder } = await writing();
      expect(writer.short).toBeUndefined();
      shell(command, folder);
      await second(writer, clock, 2);
      expect(writer.short).toMatch(/^the record is lost: /);
      expect(writer.short).toMatch(why);
      await expect(writer.end(summaryOf(writer.id))).rejects.toThrowError(why);
      await writer.close().catch(() => {});
    },
  );

  it("is not given back: a record that stands there again is not the one that was written", async () => {
    const { clock, writer, folder } = await writing();
    renameSync(folder, `${folder}-away`);
    await second(writer, clock, 2);
    renameSync(`${folder}-away`, folder);
    await second(writer, clock, 3);
    expect(writer.short).toMatch(/removed or renamed/);
    await writer.close();
  });

  it("is not suspected by its own writing, checkpoints, folding or reopening", async () => {
    const { root, clock, writer } = await writing();
    for (let n = 2; n <= 60; n++) {
      await writer.commit([eventOf(n, "x".repeat(200_000))]);
      expect(writer.short).toBeUndefined();
    }
    await writer.close();
    const again = await reopenRecord(root, writer.id, clock);
    await again.commit([eventOf(61)]);
    expect(again.short).toBeUndefined();
    await again.end(summaryOf(writer.id));
  });
});
