import { afterEach, describe, expect, it, vi } from "vitest";
import { endByStatus, onInterrupt } from "../../src/cli/signal.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** What a process does that is sent the signals, each so long after the one before. */
async function sent(...signals: [NodeJS.Signals, number][]) {
  const clock = new VirtualClock(0);
  const done: string[] = [];
  closers.push(
    onInterrupt(
      (signal) => done.push(signal),
      (signal) => done.push(`again ${signal}`),
      clock,
    ),
  );
  for (const [signal, afterMs] of signals) {
    await clock.sleep(afterMs);
    process.emit(signal, signal);
  }
  return done;
}

describe("a command that has something to make safe", () => {
  it.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])(
    "does so at %s",
    async (signal) => {
      expect(await sent([signal, 0])).toEqual([signal]);
    },
  );

  it("is not cut short by a Ctrl-C that another program passes on", async () => {
    expect(await sent(["SIGINT", 0], ["SIGINT", 200])).toEqual(["SIGINT"]);
  });

  it.each<[NodeJS.Signals, NodeJS.Signals]>([
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGTERM"],
    ["SIGHUP", "SIGHUP"],
    ["SIGQUIT", "SIGQUIT"],
    ["SIGHUP", "SIGTERM"],
    ["SIGINT", "SIGTERM"],
  ])("is told of a second signal: %s, then %s", async (first, second) => {
    expect(await sent([first, 0], [second, 1100])).toEqual([first, `again ${second}`]);
  });

  it("is told at once of a second one that only a person sends", async () => {
    expect(await sent(["SIGTERM", 0], ["SIGINT", 200])).toEqual(["SIGTERM", "again SIGINT"]);
    expect(await sent(["SIGINT", 0], ["SIGQUIT", 200])).toEqual(["SIGINT", "again SIGQUIT"]);
  });

  it("is not cut short by the signals with which a session or a service ends", async () => {
    const all: [NodeJS.Signals, number][] = [
      ["SIGHUP", 0],
      ["SIGTERM", 100],
      ["SIGHUP", 300],
    ];
    expect(await sent(...all)).toEqual(["SIGHUP"]);
  });
});

describe("a command that has made its rig safe and gives the signals back", () => {
  it("ends with its own status at one that comes in its last moment, and at none while another listens", () => {
    const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as never);
    const status = process.exitCode;
    closers.push(() => {
      process.exitCode = status;
      exit.mockRestore();
      process.removeAllListeners("SIGINT");
    });
    process.exitCode = 7;
    const stop = onInterrupt(() => {});
    endByStatus();
    process.emit("SIGINT", "SIGINT");
    expect(exit).not.toHaveBeenCalled();
    stop();
    process.emit("SIGINT", "SIGINT");
    expect(exit).toHaveBeenCalledWith(7);
  });
});
