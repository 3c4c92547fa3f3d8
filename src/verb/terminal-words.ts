/** What is typed at the keeper's own terminal, the verb that it is, and what it means. */
export const terminalWords: Readonly<Record<string, readonly [verb: string, says: string]>> = {
  hold: ["run hold", "a run goes down at the ramps, is made safe and waits"],
  resume: ["run resume", "it goes on after a hold; the last one, after a trip that was cleared"],
  abort: ["run abort", "safe values at once; the run stays open"],
  safe: ["rig safe", "safe values at once, with or without a run"],
  clear: ["rig clear", "after a trip: looked at, and ready for what comes next"],
  reset: ["rig reset", "reset faults of the devices; moves nothing"],
};

/** Undefined where that terminal has no word for it: it is asked for from another one, with the digits. */
export function terminalWordOf(verb: string): string | undefined {
  return Object.entries(terminalWords).find(([, [own]]) => own === verb)?.[0];
}
