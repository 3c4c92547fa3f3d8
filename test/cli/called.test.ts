/** Every command that may be printed is printed as it must be typed: its words together, and only options that it has. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { asTyped } from "../../src/cli/called.js";
import { nouns } from "../../src/cli/nouns.js";
import { root, wearout } from "./command.js";

const call = { program: "node w.js", site: "/site", records: "/records", state: "/state" };

/** Every `wearout NOUN VERB ...` that is written in a source, with what follows it in its sentence. */
function printedCommands(): { file: string; words: string; rest: string }[] {
  const files = readdirSync(sources, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(join(sources, file), "utf8").replace(
        /\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm,
        "",
      );
      return [...text.matchAll(written)].map(([, words = "", rest = ""]) => ({
        file,
        words,
        rest,
      }));
    });
}

const sources = join(root, "src");
const written = /\bwearout ([a-z]+ [a-z-]+)\b([^;`"')\n]*)/g;

/** What a rig, a run or a file is called there: a value, a place for one, or an example. */
const value = /^ +\S*[-/.A-Z$[]/;

it("a command that needs a rig, a run or a file is never printed without one", async () => {
  const wrong = [];
  for (const { file, words, rest } of printedCommands()) {
    const { out } = await help(words);
    const takes = new RegExp(`^Usage: wearout ${words} \\[options\\] <`).test(out);
    if (takes && !value.test(rest)) wrong.push(`${file}: wearout ${words}${rest}`);
  }
  expect(wrong).toEqual([]);
});

const helps = new Map<string, ReturnType<typeof wearout>>();

/** Once for each command. */
function help(words: string): ReturnType<typeof wearout> {
  const known = helps.get(words) ?? wearout(...words.split(" "), "--help");
  helps.set(words, known);
  return known;
}

async function verbsOf(noun: string): Promise<string[]> {
  const { out } = await wearout(noun, "--help");
  const list = out.slice(out.indexOf("\nCommands:"));
  if (!out.includes("\nCommands:")) return [];
  return [...list.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map((m) => m[1]!).filter((v) => v !== "help");
}

it.each(Object.keys(nouns))("%s is called with its folders, and no others", async (noun) => {
  const verbs = await verbsOf(noun);
  for (const words of verbs.length === 0 ? [noun] : verbs.map((verb) => `${noun} ${verb}`)) {
    const { out } = await wearout(...words.split(" "), "--help");
    const typed = asTyped(`wearout ${words} X`, call);
    expect(typed).toMatch(new RegExp(`^node w\\.js --site /site ${words} `));
    for (const option of ["--records", "--state"]) {
      // There it asks for more, and is never wanted by itself.
      if (words === "rig verify" && option === "--records") continue;
      expect(`${words} ${option} ${typed.includes(option)}`).toBe(
        `${words} ${option} ${out.includes(`${option} <`)}`,
      );
    }
  }
});
