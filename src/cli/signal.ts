/** Resolves at the first Ctrl-C or termination. */
export function untilInterrupted(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    onInterrupt((signal) => resolve(signal));
  });
}

/**
 * Calls `tidy` at the first Ctrl-C or termination; a second one ends the process at once, as the shell
 * expects (128 + number of the signal). Returns how to stop listening.
 */
export function onInterrupt(tidy: (signal: NodeJS.Signals) => void): () => void {
  let first = true;
  const listener = (signal: NodeJS.Signals) => {
    if (!first) process.exit(signal === "SIGINT" ? 130 : 143);
    first = false;
    tidy(signal);
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return () => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
  };
}
