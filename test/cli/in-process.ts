/** The command inside this process, with its output caught. */
import type { Host } from "../../src/cli/machine/host.js";
import { main } from "../../src/cli/main.js";

export type Said = { status: number; out: string; talk: string };

/** Runs the command inside this process. */
export function wearout(...args: string[]): Promise<Said> {
  return wearoutWith(undefined, ...args);
}

/** The same on another machine than this one. */
export function wearoutWith(host: Host | undefined, ...args: string[]): Promise<Said> {
  return caught(args, host);
}

/** The same; `then` is called with every piece of talk that has the words. */
export function wearoutHeard(
  words: RegExp,
  then: (text: string) => void,
  ...args: string[]
): Promise<Said> {
  return caught(args, undefined, (text) => {
    if (words.test(text)) then(text);
  });
}

async function caught(
  args: readonly string[],
  host?: Host,
  heard: (text: string) => void = () => {},
): Promise<Said> {
  let out = "";
  let talk = "";
  const output = {
    print: (text: string) => {
      out += `${text}\n`;
    },
    picture: (text: string) => {
      out += `${text}\n`;
    },
    talk: (text: string) => {
      talk += `${text}\n`;
      heard(text);
    },
    status: () => {},
    write: (text: string) => {
      out += text;
      return Promise.resolve();
    },
    isTerminal: false,
    colour: false,
    columns: () => Number.POSITIVE_INFINITY,
  };
  const status = await main(["node", "wearout", ...args], output, host);
  return { status, out, talk };
}
