import { defineConfig } from "vitest/config";

// Tests run on the built JavaScript: what is tested is what is shipped, worker threads included.
export default defineConfig({
  test: {
    include: ["build/test/**/*.test.js"],
    pool: "forks",
    testTimeout: 20_000,
  },
});
