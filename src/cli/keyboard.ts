import { createInterface } from "node:readline";
import type { LifeTest } from "../lab/life-test.js";
import { helpLines, verbs } from "./glossary.js";
import type { Output } from "./output.js";

const commands = ["hold", "resume", "reset", "stop", "abort"] as const;

/** What stands below a picture, or is said once. */
export const keyLines = [
  `type ${Object.keys(verbs).join(", ")} and Enter; Ctrl-C holds, makes safe and leaves the run open`,
];

/** Where a typed word is answered. */
export type Desk = {
  /** Where the run is now. */
  status(): readonly string[];
  /** Six digits for whoever asks from another terminal for what may move something; none where nobody can. */
  token(): string | undefined;
  /** The terminal has gone to a new line. */
  typed(): void;
};

/**
 * Takes commands typed at a terminal while a run goes on: `hold`, `resume`, `reset` (of faults, while held),
 * `stop`, `abort`, and answers `status` and `help`. Does nothing without a terminal. Returns how to stop.
 */
export function listenToKeyboard(test: LifeTest, out: Output, desk: Desk): () => void {
  if (process.stdin.isTTY !== true) return () => {};
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    desk.typed();
    onLine(line.trim(), test, out, desk);
  });
  return () => lines.close();
}

/** One typed line. */
export function onLine(
  word: string,
  { pilot }: { pilot: Pick<LifeTest["pilot"], "command"> },
  out: Pick<Output, "talk">,
  desk: Pick<Desk, "status" | "token">,
): void {
  const command = commands.find((verb) => verb === word);
  if (command !== undefined) pilot.command(command, "terminal");
  else if (word === "status") for (const text of desk.status()) out.talk(text);
  else if (word === "token") out.talk(tokenText(desk.token()));
  else if (word === "help" || word === "?") for (const text of helpLines()) out.talk(text);
  else if (word !== "") out.talk(`"${word}" is none of ${Object.keys(verbs).join(", ")}`);
}

function tokenText(token: string | undefined): string {
  if (token === undefined) return "nobody else can speak to this rig";
  return `token ${token}: for one resume, clear or reset from another terminal, good for ten minutes`;
}
