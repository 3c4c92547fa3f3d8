/** Every command that may be printed is printed as it must be typed: its words together, and only options that it has. */
import { expect, it } from "vitest";
import { asTyped } from "../../src/cli/called.js";
import { nouns } from "../../src/cli/nouns.js";
import { wearout } from "./command.js";

const call = { program: "node w.js", site: "/site", records: "/records", state: "/state" };

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
