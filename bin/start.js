// `npm start`: set up what is missing, then show the demo.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.js";

prepare();
process.on("SIGINT", () => {}); // the demo itself ends safely on Ctrl-C; wait for it
const args = [join(root, "bin", "wearout.js"), "demo", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exit(status ?? 1);
