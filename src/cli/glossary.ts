/** The words of the screen, each in a sentence. */

/** As `help` says them at the terminal of a run. */
export const glossary = {
  timeout: "a device did not answer in its time; the question is asked again",
  "late answer":
    "an answer came after its time was over; it is not used, for it may be of another question",
  unacknowledged: "raised, and no person has said yet that it was seen",
  Held: "the rig is safe and waits for a person: resume goes on",
  Suspended: "the rig is safe and waits for an outside condition to clear",
  Aborted: "safe values at once, after a trip or abort; the run stays open",
} as const;

/** What a person types at the terminal of a run. */
export const verbs = {
  status: "where the run is, printed once",
  hold: "down at the ramps, safe, and wait",
  resume: "go on after a hold",
  reset: "reset faults of the devices, while held",
  stop: "end the test, asked once more: what is alive is censored",
  abort: "safe values at once",
  token: "six digits for who asks from another terminal",
  help: "these words",
} as const;

/** `timeout: a device ...`, for those of the words that a text holds. */
export function explained(text: string): string[] {
  const words: readonly (keyof typeof glossary)[] = ["timeout", "late answer", "unacknowledged"];
  return words.filter((word) => text.includes(word)).map((word) => `  ${word}: ${glossary[word]}`);
}

export function helpLines(): string[] {
  const line = ([word, says]: [string, string]) => `  ${word.padEnd(14)} ${says}`;
  return [
    "typed, with Enter:",
    ...Object.entries(verbs).map(line),
    "words:",
    ...Object.entries(glossary).map(line),
  ];
}
