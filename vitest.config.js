import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { TestOrder } from "./bin/test-order.js";
import { TestReport } from "./bin/test-report.js";
import { alone, testFiles } from "./bin/test-rooms.js";

// Tests run on the built JavaScript: what is tested is what is shipped, worker threads included.
const common = {
  pool: "forks",
  // Loaded by Node itself, as they are when the program runs; the runner looks at the tests only.
  server: { deps: { external: [/\/build\/src\//] } },
  setupFiles: ["build/test/setup.js"],
  // Patience with a busy machine; what is a matter of time says so itself.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  maxConcurrency: alone ? 1 : 3,
};

// Files that leave their process as they found it, which is checked after each, share one: to load the program
// and the libraries once more for every file is most of what such a file takes.
const shared = {
  isolate: false,
  setupFiles: [...common.setupFiles, "build/test/shared-process.js"],
};

export default defineConfig({
  test: {
    // One more than there are cores: many files mostly wait for processes and lines.
    maxWorkers: alone ? 1 : Math.max(2, availableParallelism() + 1),
    sequence: { sequencer: TestOrder },
    reporters: ["default", new TestReport()],
    projects: [
      { test: { ...common, ...shared, name: "pure", ...testFiles.pure } },
      { test: { ...common, ...shared, name: "clean", ...testFiles.clean } },
      { test: { ...common, name: "long", ...testFiles.long } },
      { test: { ...common, name: "machine", ...testFiles.machine } },
      { test: { ...common, name: "others", ...testFiles.others } },
    ],
  },
});
