/** What a command loads before it does anything: counted, for time would depend on the machine. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./command.js";

/** Modules and packages that come with these, by their static imports. */
function loadedWith(...entries: string[]): string[] {
  const built = join(root, "build/src");
  const found = new Set<string>();
  const packages = new Set<string>();
  const look = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gms)) {
      if (name.startsWith(".")) look(resolve(dirname(file), name));
      else if (!name.startsWith("node:")) packages.add(name);
    }
    for (const [, name = ""] of text.matchAll(/^import "([^"]+)";/gm)) packages.add(name);
  };
  for (const entry of entries) {
    const file = join(built, entry);
    expect(existsSync(file)).toBe(true);
    look(file);
  }
  return [...[...found].map((file) => relative(built, file)), ...packages].sort();
}

describe("what a command loads", () => {
  it("is next to nothing for the help: a noun is loaded when it is asked for", () => {
    const loaded = loadedWith("cli/main.js");
    expect(loaded.length).toBeLessThan(25);
    expect(loaded.filter((name) => !name.endsWith(".js"))).toEqual(["commander"]);
  });

  it("is the records alone for a list of runs: no schema, no line, no plant", () => {
    const loaded = loadedWith("cli/main.js", "cli/run/run.js", "cli/run/list.js");
    const rooms = new Set(loaded.filter((n) => n.includes("/")).map((n) => n.split("/")[0]));
    expect([...rooms].sort()).toEqual(["base", "cli", "lab", "line", "record"]);
    expect(loaded.filter((name) => name.startsWith("lab/"))).toEqual([
      "lab/open-run.js",
      "lab/ways-on.js",
    ]);
    expect(loaded).not.toContain("yaml");
    expect(loaded).not.toContain("@sinclair/typebox");
    expect(loaded.length).toBeLessThan(60);
  });
});
