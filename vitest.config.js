import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Tests run on the built JavaScript: what is tested is what is shipped, worker threads included.
export default defineConfig({
  test: {
    include: ["build/test/**/*.test.js"],
    pool: "forks",
    // The runner leaves one core free; on a machine with two that is one worker, and tests mostly wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ["build/test/setup.js"],
    testTimeout: 20_000,
  },
});
