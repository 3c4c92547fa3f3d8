import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { newRoot } from "../fixture.js";
import { placeIn, readAll, written } from "./rig.js";

const page = fileURLToPath(new URL("../../../../../docs/journal.md", import.meta.url));
const root = newRoot();
const script = join(root, "verify.py");
const place = placeIn(root);

beforeAll(async () => {
  const [, text = ""] = /```python\n(.*?)```/s.exec(readFileSync(page, "utf8")) ?? [];
  writeFileSync(script, text);
  await written(place, 40);
});

describe("the Python of docs/journal.md", () => {
  it("verifies a journal as we do", async () => {
    const out = execFileSync("python3", [script, place.file]).toString();
    const { reader } = await readAll(place.file);
    expect(out).toBe(`42 events, last ${reader.link?.hash}\n`);
  });

  it("refuses one with a changed byte", () => {
    const copy = join(root, "changed.jsonl");
    writeFileSync(copy, readFileSync(place.file, "utf8").replace('"to":"S30"', '"to":"S31"'));
    const { status, stderr } = spawnSync("python3", [script, copy]);
    expect([status, stderr.toString()]).toEqual([1, expect.stringContaining("line 31")]);
  });
});
