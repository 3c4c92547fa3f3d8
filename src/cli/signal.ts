import { type Clock, RealClock } from "../base/clock.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
export type Interrupt = (typeof signals)[number];

/** Without a listener these end or stop the process, or open an inspector port into it. */
const ignored = ["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGTSTP", "SIGTTIN", "SIGTTOU"] as const;

/** What was asked for, for the record and people. */
export const interruptText: Record<Interrupt, string> = {
  SIGINT: "Ctrl-C",
  SIGTERM: "told to end (SIGTERM)",
  SIGHUP: "the terminal is gone (SIGHUP)",
  SIGQUIT: "told to end (SIGQUIT)",
};

/** `npm`, `timeout` and others pass on a Ctrl-C that the terminal has sent us already. */
const passedOnMs = 1000;

/** Resolves at the first Ctrl-C, termination or hang-up. */
export function untilInterrupted(): Promise<Interrupt> {
  return new Promise((resolve) => {
    onInterrupt((signal) => resolve(signal));
  });
}

/**
 * Calls `first` at the first Ctrl-C, termination or hang-up of the terminal, and `again` at every later Ctrl-C
 * that is not merely passed on; the other signals come in twos when a terminal or a service ends. It ends nothing
 * by itself. Returns how to stop listening.
 */
export function onInterrupt(
  first: (signal: Interrupt) => void,
  again: () => void = () => process.exit(130),
  clock: Clock = new RealClock(),
): () => void {
  let firstMs: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (firstMs === undefined) {
      firstMs = clock.elapsed();
      first(signal as Interrupt);
    } else if (signal === "SIGINT" && clock.elapsed() - firstMs > passedOnMs) again();
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** For a process that keeps a rig: what says nothing of its end changes nothing; stopped by Ctrl-Z it would watch
 * nothing. Returns how to stop. */
export function ignoreOtherSignals(): () => void {
  const nothing = () => {};
  for (const signal of ignored) process.on(signal, nothing);
  return () => {
    for (const signal of ignored) process.off(signal, nothing);
  };
}
