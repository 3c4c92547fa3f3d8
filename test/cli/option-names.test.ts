/** The options of all commands, side by side: one thing has one name, and one name means one thing. */
import { Command, type Option } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { nouns } from "../../src/cli/nouns.js";
import type { Shell } from "../../src/cli/shell.js";
import { fastSite, newFolder, wearout } from "./command.js";

type Given = { command: string; option: Option };
let visible: Given[] = [];

async function program(): Promise<Command> {
  const all = new Command("wearout");
  const shell = { env: {}, action: () => () => Promise.resolve() } as unknown as Shell;
  for (const { load } of Object.values(nouns)) (await load(undefined))(all, shell);
  return all;
}

function optionsOf(command: Command, path: string): Given[] {
  const own = command.options.map((option) => ({ command: path, option }));
  return [...own, ...command.commands.flatMap((sub) => optionsOf(sub, `${path} ${sub.name()}`))];
}

beforeAll(async () => {
  visible = optionsOf(await program(), "").filter(({ option }) => !option.hidden);
});

/** Who offers a name, as `record prune, run stop`. */
function offered(long: string): string {
  const who = visible.filter(({ option }) => option.long === long).map(({ command }) => command);
  return who.join(",");
}

describe("the options of all commands", () => {
  it("are many enough to be worth comparing", () => {
    expect(visible.length).toBeGreaterThan(150);
  });

  it("have no two names of which one is the other's plural or short form", () => {
    const names = [...new Set(visible.map(({ option }) => option.long ?? ""))];
    const counts = ["--units"];
    const twins = names.filter((n) => names.includes(`${n}s`) && !counts.includes(`${n}s`));
    const short = names.filter((n) => n.length > 3 && names.includes(`${n}put`));
    expect([...twins, ...short]).toEqual([]);
    // Units on test are counted, a unit on a line is addressed: no command has both.
    for (const path of offered("--units").split(",")) expect(path).toMatch(/^ life /);
  });

  it("call a result file --output, whoever writes it, and a picture --svg", () => {
    const files = visible.filter(({ option }) => option.flags.includes("<file>"));
    const names = new Set(files.map(({ option }) => option.long));
    expect([...names].sort()).toEqual(["--output", "--spectrum", "--svg", "--zip"]);
  });

  it("take what a life is counted in, roles, and the wire by one name each", () => {
    expect(offered("--exposure")).toContain(" run export");
    expect(offered("--role")).toBe(" run export, run plot, life rainflow");
    for (const name of ["--baud", "--format", "--unit"]) {
      expect(offered(name)).toContain(" line scan");
      expect(offered(name)).toContain(" line read");
    }
  });
});

describe("an option under its former name", () => {
  const former: [string, string[], string][] = [
    ["line scan", ["--bauds", "9600"], "--bauds is called --baud now"],
    ["line scan", ["--formats", "8N1"], "--formats is called --format now"],
    ["line scan", ["--units", "1"], "--units is called --unit now"],
    ["run export x-1", ["--roles", "speed"], "--roles is called --role now"],
    ["run export x-1", ["--life", "turns"], "--life is called --exposure now"],
    ["run export x-1", ["--out", "x.csv"], "--out is called --output now"],
    ["run plot x-1", ["--roles", "speed"], "--roles is called --role now"],
    ["life table", ["--out", "x.csv"], "--out is called --output now"],
    ["report life x.csv", ["--out", "x.html"], "--out is called --output now"],
  ];
  for (const [command, options, note] of former) {
    it(`${options[0]} of ${command} is taken, with a note, and is not in the help`, async () => {
      const words = command.split(" ");
      const { talk } = await wearout(...words, ...options, "--records", "/nonexistent");
      expect(talk).toContain(note);
      expect(talk).not.toContain(`unknown option '${options[0]}'`);
      const { out } = await wearout(...words.slice(0, 2), "--help");
      expect(out).not.toMatch(new RegExp(`${options[0]}\\b`));
    });
  }

  it("does what it did: --roles, --life and --out of run export", async () => {
    const site = fastSite();
    const records = newFolder();
    const start = ["run", "start", "fast-life", "--rig", "fast-rig", "--specimen", "a,b,c,d"];
    await wearout("--site", site, ...start, "--virtual", "--records", records);
    const old = await wearout(
      "run",
      "export",
      "fast-rig-1",
      "--roles",
      "load",
      "--records",
      records,
    );
    const now = await wearout(
      "run",
      "export",
      "fast-rig-1",
      "--role",
      "load",
      "--records",
      records,
    );
    expect(old.out.split("\n").length).toBeGreaterThan(10);
    expect(old.out).toBe(now.out);
    const lives = ["--format", "life-table", "--life", "turns", "--records", records];
    const turns = await wearout("run", "export", "fast-rig-1", ...lives);
    expect(turns.out).toContain("time_turns");
  });
});
