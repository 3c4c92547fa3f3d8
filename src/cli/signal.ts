import { type Clock, RealClock } from "../base/clock.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type Interrupt = (typeof signals)[number];

/** What was asked for, for the record and people. */
export const interruptText: Record<Interrupt, string> = {
  SIGINT: "Ctrl-C",
  SIGTERM: "told to end (SIGTERM)",
  SIGHUP: "the terminal is gone (SIGHUP)",
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
 * Calls `tidy` at the first Ctrl-C, termination or hang-up of the terminal. A second Ctrl-C ends the process
 * at once, with 130 as the shell expects; one that is merely passed on does not, nor do the other signals, which
 * come in twos when a terminal or a service ends. Returns how to stop listening.
 */
export function onInterrupt(
  tidy: (signal: Interrupt) => void,
  clock: Clock = new RealClock(),
  end: (status: number) => void = process.exit,
): () => void {
  let firstMs: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (firstMs === undefined) {
      firstMs = clock.elapsed();
      tidy(signal as Interrupt);
    } else if (signal === "SIGINT" && clock.elapsed() - firstMs > passedOnMs) end(130);
  };
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
