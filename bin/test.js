// `npm test`: set up what is missing, then types (the build), lint, and every test but the long campaigns.
// Words after `npm test --` go to the test runner, as `npm test -- tidy`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.js";

prepare();

function step(name, script, args) {
  process.stderr.write(`wearout: ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}

step("lint and format", "@biomejs/biome/bin/biome", ["check", "."]);
step("tests", "vitest/vitest.mjs", ["run", ...process.argv.slice(2)]);
