/** Folders that go away with the test file that made them, also where files share a process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** An empty folder until the end of the test file. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `wearout-${name}-`));
  made.push(folder);
  return folder;
}

/** For `setup.ts`, which is asked anew for each file. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
