import { createInterface } from "node:readline";
import type { LifeTest } from "../lab/life-test.js";
import type { Output } from "./output.js";

const words = ["hold", "resume", "reset", "stop", "abort"] as const;

/**
 * Takes commands typed at a terminal while a run goes on: `hold`, `resume`, `reset` (of faults, while held),
 * `stop`, `abort`. Does nothing without a terminal. Returns how to stop listening.
 */
export function listenToKeyboard(test: LifeTest, out: Output): () => void {
  if (process.stdin.isTTY !== true) return () => {};
  out.talk(`commands: ${words.join(", ")} and Enter; Ctrl-C holds and leaves the run open`);
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const verb = words.find((word) => word === line.trim());
    if (verb !== undefined) test.runner.command(verb, "terminal");
    else if (line.trim() !== "") out.talk(`"${line.trim()}" is none of ${words.join(", ")}`);
  });
  return () => lines.close();
}
