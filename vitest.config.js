import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { TestOrder } from "./bin/test-order.js";
import { TestReport } from "./bin/test-report.js";

// Tests run on the built JavaScript: what is tested is what is shipped, worker threads included.
export default defineConfig({
  test: {
    include: ["build/test/**/*.test.js"],
    pool: "forks",
    // One more than there are cores: many files mostly wait for processes and lines.
    maxWorkers: Math.max(2, availableParallelism() + 1),
    sequence: { sequencer: TestOrder },
    reporters: ["default", new TestReport()],
    // Loaded by Node itself, as they are when the program runs; the runner looks at the tests only.
    server: { deps: { external: [/\/build\/src\//] } },
    setupFiles: ["build/test/setup.js"],
    // Patience with a busy machine; what is a matter of time says so itself.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
});
