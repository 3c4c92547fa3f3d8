/** Before each test file: safe plans of its rigs lie in a folder of its own, never in the user's. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "wearout-state-"));
process.env["WEAROUT_STATE"] = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
