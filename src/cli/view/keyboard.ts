import { createInterface } from "node:readline";
import { stakeOf } from "../../lab/end-run.js";
import type { LifeTest } from "../../lab/life-test.js";
import { helpLines, verbs } from "../glossary.js";
import type { Output } from "../output.js";

const commands = ["hold", "resume", "reset", "abort"] as const;

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

/** What is asked for at the keyboard. */
type Typed = { state: LifeTest["state"]; pilot: Pick<LifeTest["pilot"], "command"> };

/**
 * Takes commands typed at a terminal while a run goes on: `hold`, `resume`, `reset` (of faults, while held), `abort`,
 * `stop` when it is said twice, and answers `status` and `help`. Does nothing without a terminal. Returns how to stop.
 */
export function listenToKeyboard(test: LifeTest, out: Output, desk: Desk): () => void {
  if (process.stdin.isTTY !== true) return () => {};
  const lines = createInterface({ input: process.stdin });
  const take = typing(test, out, desk);
  lines.on("line", (line) => {
    desk.typed();
    take(line.trim());
  });
  return () => lines.close();
}

/** Takes one typed line after the other: what ends the test names its stake, and is done for a `yes` behind it. */
export function typing(
  test: Typed,
  out: Pick<Output, "talk">,
  desk: Pick<Desk, "status" | "token">,
): (word: string) => void {
  let isAsked = false;
  return (word) => {
    const wasAsked = isAsked;
    isAsked = false;
    if (wasAsked && word === "yes") return test.pilot.command("stop", "terminal");
    if (wasAsked) out.talk("the test is not ended");
    isAsked = word === "stop";
    if (isAsked) out.talk(`stop: this ends ${stakeOf(test.state)}. Type yes and Enter to end it`);
    else onLine(word, test, out, desk);
  };
}

function onLine(
  word: string,
  { pilot }: Typed,
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

export function tokenText(token: string | undefined): string {
  if (token === undefined) return "nobody else can speak to this rig";
  return `token ${token}: for one command from another terminal that needs a person here, good for ten minutes`;
}
