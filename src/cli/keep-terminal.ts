/** The terminal of a process that keeps a rig: its picture or lines, and words that are typed there. */
import { createInterface } from "node:readline";
import type { Clock } from "../base/clock.js";
import type { Keeps } from "../verb/keeps.js";
import type { RunPlace } from "./guests.js";
import type { Kept } from "./keep-rig.js";
import { renderKept, wholePicture } from "./kept/render.js";
import { tokenText } from "./keyboard.js";
import { painter } from "./live-render.js";
import { LiveScreen } from "./live-screen.js";
import type { Output } from "./output.js";
import type { Shell } from "./shell.js";
import { signature } from "./signature.js";

/** What is typed, the verb that it is, and what it means. */
const words: Readonly<Record<string, readonly [verb: string, says: string]>> = {
  hold: ["run hold", "a run goes down at the ramps, is made safe and waits"],
  resume: ["run resume", "it goes on after a hold; the last one, after a trip that was cleared"],
  abort: ["run abort", "safe values at once; the run stays open"],
  safe: ["rig safe", "safe values at once, with or without a run"],
  clear: ["rig clear", "after a trip: looked at, and ready for what comes next"],
  reset: ["rig reset", "reset faults of the devices; moves nothing"],
};

const looks = {
  status: "the rig as it is now",
  token: "six digits for whoever asks from another terminal",
  help: "these words",
};

const all = [...Object.keys(words), ...Object.keys(looks)];
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
  const verb = words[word]?.[0];
  if (verb !== undefined) out.talk(await said(at, verb));
  else if (word === "status") {
    for (const line of wholePicture(counter.picture(), painter(false))) out.talk(line);
  } else if (word === "token") out.talk(tokenText(token()));
  else if (word === "help" || word === "?") for (const line of helpLines()) out.talk(line);
  else if (word !== "") out.talk(`"${word}" is none of ${all.join(", ")}`);
}

async function said({ counter, last }: Counter, verb: string): Promise<string> {
  const who = { by: signature(undefined), via: "terminal" } as const;
  const isBack = verb === "run resume" && counter.picture().run === null;
  // Whoever types it here has looked at the rig.
  const args = isBack && last() !== undefined ? { ...last(), yes: true } : {};
  const answer = await counter.ask({ verb, args }, who);
  const { accepted, state, text, whatWouldMakeItPossible } = answer;
  if (accepted) return `${verb} accepted; ${state}: ${text}`;
  const way = whatWouldMakeItPossible === undefined ? "" : `; ${whatWouldMakeItPossible}`;
  return `${verb} is refused: ${text}${way}`;
}

function helpLines(): string[] {
  const says = {
    ...Object.fromEntries(Object.entries(words).map(([w, [, s]]) => [w, s])),
    ...looks,
  };
  const typed = Object.entries(says).map(([word, text]) => `  ${word.padEnd(10)} ${text}`);
  return [
    "typed, with Enter:",
    ...typed,
    "a run is started or ended from another terminal: wearout run --help",
  ];
}
