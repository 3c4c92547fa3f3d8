import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { zip } from "../../../src/report/zip.js";

const folder = mkdtempSync(join(tmpdir(), "wearout-zip-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a ZIP archive", () => {
  it("is read by another program, byte for byte", () => {
    const files = [
      { name: "empty.txt", data: new Uint8Array(0) },
      { name: "größe.csv", data: new Uint8Array(Buffer.from("a,b\n".repeat(1000))) },
      { name: "noise.bin", data: Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7) % 251) },
    ];
    const path = join(folder, "a.zip");
    writeFileSync(path, zip(files));
    const unpack = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
z.extractall(sys.argv[2])`;
    execFileSync("python3", ["-c", unpack, path, folder]);
    for (const { name, data } of files) {
      expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(data);
    }
  });

  it("is the same for the same files", () => {
    const files = [{ name: "a", data: Uint8Array.of(1, 2, 3) }];
    expect(zip(files)).toEqual(zip(files));
  });
});
