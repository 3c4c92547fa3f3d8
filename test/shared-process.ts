/** Around each test file that shares its process with others: it leaves that as it found it. */
import { afterAll, expect } from "vitest";

/** The runner's own come and go. */
const ofRunner = /^(Timeout|Immediate)$/;

const found = processState();
afterAll(() => expect(processState(), "what the file leaves behind").toEqual(found));

function processState() {
  const names = process.eventNames();
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    listeners: Object.fromEntries(names.map((name) => [name, process.listenerCount(name)])),
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    open: process
      .getActiveResourcesInfo()
      .filter((kind) => !ofRunner.test(kind))
      .sort(),
  };
}
