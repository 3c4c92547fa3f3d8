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

/**
 * `npm`, `timeout` and others pass on a signal that we have already, and the end of a session or service comes as a
 * hang-up and a termination together.
 */
const passedOnMs = 1000;
/** Only a person at the keyboard sends these. */
const byHand: readonly Interrupt[] = ["SIGINT", "SIGQUIT"];

/** Resolves at the first Ctrl-C, termination or hang-up. */
export function untilInterrupted(): Promise<Interrupt> {
  return new Promise((resolve) => {
    onInterrupt((signal) => resolve(signal));
  });
}

/**
 * Calls `first` at the first Ctrl-C, termination or hang-up of the terminal, and `again` at every later one that is
 * not merely passed on. It ends nothing by itself. Returns how to stop listening.
 */
export function onInterrupt(
  first: (signal: Interrupt) => void,
  again: (signal: Interrupt) => void = () => process.exit(130),
  clock: Clock = new RealClock(),
): () => void {
  let heard: { signal: Interrupt; atMs: number } | undefined;
  const listener = (name: NodeJS.Signals) => {
    const signal = name as Interrupt;
    if (heard === undefined) {
      heard = { signal, atMs: clock.elapsed() };
      first(signal);
    } else if (!isPassedOn(signal, heard.signal, clock.elapsed() - heard.atMs)) again(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  heeding++;
  let stopped = false;
  return () => {
    for (const signal of signals) process.off(signal, listener);
    if (!stopped) heeding--;
    stopped = true;
  };
}

/** Who listens in this process. */
let heeding = 0;
let endsItself = false;

/**
 * A command that kept a rig has made it safe and gives the signals back: one that comes before the process is gone
 * ends it with the status that it has, not by the signal.
 */
export function endByStatus(): void {
  if (endsItself) return;
  endsItself = true;
  for (const signal of signals) {
    process.on(signal, () => {
      if (heeding === 0) process.exit(process.exitCode ?? 0);
    });
  }
}

function isPassedOn(signal: Interrupt, first: Interrupt, afterMs: number): boolean {
  return afterMs <= passedOnMs && (signal === first || !byHand.includes(signal));
}

/** The same for a command that makes a rig safe: nothing ends, stops or looks into it meanwhile. */
export function whileMakingSafe(told: () => void): () => void {
  const stops = [onInterrupt(told, told), ignoreOtherSignals()];
  return () => {
    for (const stop of stops) stop();
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
