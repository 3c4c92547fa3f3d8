/** The terminal of a process that keeps a rig: its picture or lines, and words that are typed there. */
import { createInterface } from "node:readline";
import type { Clock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { dispositionExample, parseDisposition } from "../../run/disposition.js";
import type { Answer } from "../../verb/answer.js";
import type { Keeps } from "../../verb/keeps.js";
import { terminalWords } from "../../verb/terminal-words.js";
import { renderKept, wholePicture } from "../kept/render.js";
import type { Output } from "../output.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { tokenText } from "../view/keyboard.js";
import { painter } from "../view/live-render.js";
import { LiveScreen } from "../view/live-screen.js";
import type { RunPlace } from "./guests.js";
import type { Kept } from "./keep-rig.js";

const looks = {
  status: "the rig as it is now",
  token: "six digits for whoever asks from another terminal",
  help: "these words",
};

const all = [...Object.keys(terminalWords), ...Object.keys(looks)];
const keys = [`type ${all.join(", ")} and Enter; Ctrl-C ends the keeping, a run stays open`];

/** Returns how to give the terminal back. */
export function openTerminal(
  shell: Shell,
  kept: Kept,
  clock: Clock,
  last: () => RunPlace | undefined,
): { close(): void } {
  const { counter } = kept;
  if (counter === undefined) return { close: () => {} };
  const { out, env } = shell;
  const hasKeyboard = process.stdin.isTTY === true;
  const isLive = out.isTerminal && env["TERM"] !== "dumb";
  const screen = isLive ? pictureOf(counter, clock, hasKeyboard) : undefined;
  const unfollow = counter.follow(({ wall, text }) => {
    if (screen === undefined) out.print(`${new Date(wall).toISOString()}  ${text}`);
  });
  if (screen !== undefined) shell.divertTalk((text) => screen.note(text));
  else if (hasKeyboard) for (const line of keys) out.talk(line);
  out.talk(`${counter.hello().rig} is kept; no run`);
  screen?.start();
  const lines = hasKeyboard ? createInterface({ input: process.stdin }) : undefined;
  lines?.on("line", (line) => {
    screen?.typed();
    void onWord(line.trim(), { counter, out, token: kept.token, last });
  });
  const close = () => {
    process.off("exit", close);
    lines?.close();
    unfollow();
    shell.divertTalk(undefined);
    screen?.close();
  };
  process.on("exit", close);
  return { close };
}

function pictureOf(counter: Keeps, clock: Clock, prompt: boolean): LiveScreen {
  return new LiveScreen(
    clock,
    (paint, columns, room) => renderKept(counter.picture(), paint, columns, room),
    { keys, prompt },
  );
}

type Counter = {
  counter: Keeps;
  out: Pick<Output, "talk" | "colour">;
  token: () => string | undefined;
  last: () => RunPlace | undefined;
};

/** One typed line. */
export async function onWord(word: string, at: Counter): Promise<void> {
  const { counter, out, token } = at;
  const [first = "", ...rest] = word.split(" ");
  const verb = terminalWords[first]?.[0];
  const isKnown = verb !== undefined && (rest.length === 0 || verb === "run resume");
  if (isKnown) out.talk(await said(at, verb, dispositionsIn(rest.join(" "))));
  else if (word === "status") {
    for (const line of wholePicture(counter.picture(), painter(false))) out.talk(line);
  } else if (word === "token") out.talk(tokenText(token()));
  else if (word === "help" || word === "?") for (const line of helpLines()) out.talk(line);
  else if (word !== "") out.talk(`"${word}" is none of ${all.join(", ")}`);
}

/** Behind `resume`: what was found at stations that a trip was on, one after the other. */
function dispositionsIn(text: string): string[] {
  return text.split(";").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

/** `resume s2=sensor continue: cable was loose` */
const dispositionHere = `here: resume ${dispositionExample}`;

async function said({ counter, last }: Counter, verb: string, words: string[]): Promise<string> {
  const by = signature(undefined);
  const who = { by, via: "terminal" } as const;
  const isBack = verb === "run resume" && counter.picture().run === null && last() !== undefined;
  try {
    if (!isBack) for (const word of words) await dispose(counter, word, by);
    // Whoever types it here has looked at the rig.
    const args = isBack ? { ...last(), yes: true, dispositions: words, by } : {};
    return answerText(verb, await counter.ask({ verb, args }, who));
  } catch (error) {
    if (error instanceof WearoutError) return `${verb} is refused: ${error.message}`;
    throw error;
  }
}

/** Of a run that is on the rig. */
async function dispose(counter: Keeps, word: string, by: string): Promise<void> {
  const args = parseDisposition(word, by);
  const answer = await counter.ask({ verb: "run dispose", args }, { by, via: "terminal" });
  if (!answer.accepted) throw new WearoutError("STATE_REFUSED", answer.text);
}

function answerText(verb: string, answer: Answer): string {
  const { accepted, state, text, whatWouldMakeItPossible } = answer;
  if (accepted) return `${verb} accepted; ${state}: ${text}`;
  const way = whatWouldMakeItPossible === undefined ? "" : `; ${whatWouldMakeItPossible}`;
  const here = text.includes("--disposition") ? `; ${dispositionHere}` : "";
  return `${verb} is refused: ${text}${way}${here}`;
}

function helpLines(): string[] {
  const says = {
    ...Object.fromEntries(Object.entries(terminalWords).map(([w, [, s]]) => [w, s])),
    ...looks,
  };
  const typed = Object.entries(says).map(([word, text]) => `  ${word.padEnd(10)} ${text}`);
  return [
    "typed, with Enter:",
    ...typed,
    "a run is started or ended from another terminal: wearout run --help",
  ];
}
