/** Before each test file: safe plans of its rigs lie in a folder of its own, never in the user's. */
import { afterAll } from "vitest";
import { newFolder, removeFolders } from "./folders.js";

process.env["WEAROUT_STATE"] = newFolder("state");
afterAll(removeFolders);
