import { expect, it } from "vitest";
import type { Output } from "../../../src/cli/output.js";
import { Telling } from "../../../src/cli/telling.js";

/** What a terminal of so many columns is given. */
function telling(columns: number) {
  const seen: string[] = [];
  const see = (text: string) => void seen.push(text);
  const raw: Output = {
    ...{ print: see, picture: see, talk: see, status: see, isTerminal: true, colour: true },
    write: () => Promise.resolve(),
    columns: () => columns,
  };
  return { seen, out: new Telling(raw, { program: "wearout" }).output };
}

const red = "\u001B[31mAborted\u001B[0m";

it("colours of a picture reach the terminal, those in any other words are written out", () => {
  const { seen, out } = telling(80);
  out.picture(red);
  out.print(red);
  out.talk(red);
  expect(seen).toEqual([red, "\\x1b[31mAborted\\x1b[0m", "\\x1b[31mAborted\\x1b[0m"]);
});

it("results and talk are no wider than the terminal, and whole where there is none", () => {
  const long = "one two three ".repeat(20).trimEnd();
  const { seen, out } = telling(40);
  out.print(long);
  out.talk(long);
  for (const line of seen.flatMap((text) => text.split("\n"))) {
    expect(line.length).toBeLessThanOrEqual(40);
  }
  const file = telling(Number.POSITIVE_INFINITY);
  file.out.print(long);
  file.out.talk(long);
  expect(file.seen).toEqual([long, long]);
});

it("JSON stays as it is", () => {
  const { seen, out } = telling(20);
  const text = '{ "text": "one two three four five six seven" }';
  out.print(text);
  expect(seen).toEqual([text]);
});
