/** The rules of the house that can be counted (design, section 3). */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Who may import whom; `line/line` means only that file of the room. */
const mayImport: Record<string, readonly string[]> = {
  base: [],
  device: ["base"],
  limit: ["base"],
  profile: ["base", "limit", "life/rating"],
  record: ["base"],
  line: ["base", "device"],
  life: ["base"],
  lives: ["base", "record", "life"],
  rig: ["base", "device", "line/line", "limit"],
  run: ["base", "rig", "profile", "limit", "record"],
  keeper: ["base", "device", "limit", "line", "record", "rig"],
  lab: ["base", "limit", "rig", "profile", "run", "record", "keeper", "lives"],
  sim: ["base", "device", "line/line", "line/queue"],
  report: ["base", "record", "life", "limit"],
  verb: [
    ...["base", "limit", "record", "profile", "rig", "run", "keeper", "lab"],
    "report/alarm-words",
  ],
  api: ["base", "verb"],
  cli: [
    "base",
    "device",
    "limit",
    "profile",
    "record",
    "line",
    "rig",
    "run",
    "keeper",
    "lab",
    "sim",
    "life",
    "lives",
    "report",
    "verb",
    "api",
  ],
};

const onlyIn: readonly { what: string; pattern: RegExp; rooms: readonly string[] }[] = [
  { what: "serialport", pattern: /from "serialport"|import\("serialport"\)/, rooms: ["line"] },
  { what: "modbus-serial", pattern: /from "modbus-serial"/, rooms: ["line"] },
  { what: "pino", pattern: /from "pino"|import\("pino"\)/, rooms: ["base"] },
  { what: "typebox", pattern: /from "@sinclair\/typebox/, rooms: ["base"] },
];

const clockFiles = ["src/base/clock.ts"];
const bannedCalls =
  /\b(Date\.now|performance\.now|setTimeout|setInterval|Math\.random|new Date\(\))/;
const turnFiles = [...clockFiles, "src/sim/virtual-clock.ts"];

/** So many files lie side by side in these folders, where 40 are enough to look through. None may get more. */
const flatRooms: Record<string, number> = {
  "src/life": 79,
};
const mostInFolder = 40;

type Source = { path: string; room: string; text: string; lines: string[]; imports: string[] };

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith(".ts"))
    .map((e) => join(e.parentPath, e.name));
}

function read(path: string): Source {
  const text = readFileSync(path, "utf8");
  const local = [...text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g)];
  const imports = local.map((m) => relative(root, resolve(dirname(path), m[1] ?? "")));
  const path_ = relative(root, path);
  return { path: path_, room: path_.split("/")[1] ?? "", text, lines: text.split("\n"), imports };
}

const sources = walk(join(root, "src")).map(read);
/** What executes a safe plan: read by people who must trust it. */
const kernel = sources.filter(({ path }) => path.startsWith("src/keeper/kernel/"));
const tests = [...walk(join(root, "test")), ...walk(join(root, "bench"))].map(read);

function offenders(list: Source[], bad: (s: Source) => boolean): string[] {
  return list.filter(bad).map((s) => s.path);
}

describe("tidy", () => {
  it("finds the sources it is meant to read", () => {
    expect(sources.length).toBeGreaterThan(30);
  });

  it("lets every room import only what the house allows", () => {
    const wrong = sources.flatMap((s) =>
      s.imports
        .map((i) => i.replace(/^src\//, ""))
        .filter((i) => i.split("/")[0] !== s.room && !allowedImport(s.room, i))
        .map((i) => `${s.path} -> ${i}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no import cycles between files", () => {
    const graph = new Map(sources.map((s) => [s.path.replace(/\.ts$/, ""), valueImports(s)]));
    expect(findCycle(graph)).toEqual([]);
  });

  it("has no cycles of types either: two files that need each other's are one thing in two pieces", () => {
    const graph = new Map(sources.map((s) => [s.path.replace(/\.ts$/, ""), s.imports]));
    expect(graph.size).toBeGreaterThan(200);
    expect(findCycle(graph)).toEqual([]);
  });

  for (const { what, pattern, rooms } of onlyIn) {
    it(`keeps ${what} in ${rooms.join(", ")}`, () => {
      expect(offenders(sources, (s) => pattern.test(s.text) && !rooms.includes(s.room))).toEqual(
        [],
      );
    });
  }

  it("asks the machine for time and chance only in the clock", () => {
    const bad = (s: Source) => !clockFiles.includes(s.path) && bannedCalls.test(code(s));
    expect(offenders(sources, bad)).toEqual([]);
  });

  it("turns the event loop only in the clocks", () => {
    const bad = (s: Source) => !turnFiles.includes(s.path) && /\bsetImmediate\(/.test(code(s));
    expect(offenders(sources, bad)).toEqual([]);
  });

  it("keeps files at 400 lines at most", () => {
    expect(offenders([...sources, ...tests], (s) => s.lines.length > 401)).toEqual([]);
  });

  it("keeps folders at 40 files at most, but in the rooms that still have more", () => {
    const counts = filesByFolder();
    const most = (folder: string) => flatRooms[folder] ?? mostInFolder;
    expect([...counts].filter(([folder, count]) => count > most(folder))).toEqual([]);
    const mended = Object.keys(flatRooms).filter((f) => (counts.get(f) ?? 0) <= mostInFolder);
    expect(mended).toEqual([]);
  });

  it("keeps the safety kernel at 1000 lines at most, all told", () => {
    const lines = kernel.map((s) => s.lines.length - 1);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(1000);
  });

  it("lets the safety kernel import nothing of records, profiles, runs, reports, life or simulation", () => {
    const may = /^src\/(base|device|line|rig|keeper\/kernel)\//;
    const wrong = kernel.flatMap((s) => s.imports.filter((i) => !may.test(i)));
    expect(wrong).toEqual([]);
  });

  it("keeps functions at 60 lines at most", () => {
    expect([...sources].flatMap(longFunctions)).toEqual([]);
  });

  it("has no default exports, skipped tests or disabled checks", () => {
    const words =
      /export default|\.skip\(|\.only\(|\.todo\(|@ts-ignore|@ts-expect-error|biome-ignore/;
    const bad = (s: Source) => s.path !== "test/tidy.test.ts" && words.test(s.text);
    expect(offenders([...sources, ...tests], bad)).toEqual([]);
  });
});

describe("docs/architecture.md", () => {
  const architecture = readFileSync(join(root, "docs/architecture.md"), "utf8");

  it("shows the rooms as the sources have them", async () => {
    const script = (await import(pathToFileURL(join(root, "bin/rooms.js")).href)) as RoomsScript;
    expect(architecture, "npm run rooms -- --write").toBe(script.withPicture(architecture));
  });

  it("names functions, on both ways of data, that their files hold", () => {
    const rows = [...architecture.matchAll(/^\| \d+ \| `(.+\.ts)` `(?:\w+\.)?#?(\w+)`/gm)];
    expect(rows.length).toBe(architecture.match(/^\| \d+ \| /gm)?.length);
    const missing = rows.filter(([, file, name]) => !holds(`src/${file}`, `${name}`));
    expect(missing.map(([row]) => row)).toEqual([]);
  });
});

describe("the words and the drawing of the house", () => {
  for (const name of ["architecture", "words"]) {
    it(`docs/${name}.md names files that are there`, () => {
      const text = readFileSync(join(root, `docs/${name}.md`), "utf8");
      const named = [...text.matchAll(/`([a-z]+\/[a-z0-9/-]+\.ts)`/g)].map(([, file]) => file);
      expect(named.length).toBeGreaterThan(80);
      const known = sources.map(({ path }) => path);
      expect(named.filter((file) => !known.includes(`src/${file}`))).toEqual([]);
    });
  }

  it("docs/words.md says each word once", () => {
    const text = readFileSync(join(root, "docs/words.md"), "utf8");
    const words = [...text.matchAll(/^\| (\*\*.+?) \|/gm)].map(([, word]) => word);
    expect(words.length).toBeGreaterThan(100);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  });
});

type RoomsScript = { withPicture(text: string): string };

function filesByFolder(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return counts;
}

/** Does the file define it: as a function, a method, a getter, or a property that is one? */
function holds(path: string, name: string): boolean {
  const words = "(?:(?:export|async|static|get|function|protected|abstract|readonly) )*";
  const definition = new RegExp(`^\\s*${words}[*#]?${name}(?:\\(|<|: |;)`, "m");
  return definition.test(sources.find((s) => s.path === path)?.text ?? "");
}

function allowedImport(room: string, imported: string): boolean {
  const allowed = mayImport[room] ?? [];
  return allowed.includes(imported.split("/")[0] ?? "") || allowed.includes(imported);
}

/** Source without comments, so that a word in prose is no offence. */
function code(s: Source): string {
  return s.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

/** Type-only imports vanish in the build and cannot make a cycle at run time. */
function valueImports(s: Source): string[] {
  const typeOnly = [...s.text.matchAll(/import type [^;]*from "(\.[^"]+)\.js"/g)].map((m) => m[1]);
  return s.imports.filter(
    (i) => !typeOnly.some((t) => relative(root, resolve(root, dirname(s.path), t ?? "")) === i),
  );
}

function findCycle(graph: Map<string, string[]>): string[] {
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): string[] => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return [];
    done.add(node);
    for (const to of graph.get(node) ?? []) {
      const cycle = visit(to, [...trail, node]);
      if (cycle.length > 0) return cycle;
    }
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** The formatter puts a function's last line at the indent of its first, so counting is exact. */
function longFunctions(s: Source): string[] {
  const long: string[] = [];
  const starts =
    /^(\s*)(?:export )?(?:async )?(?:(?:static )?(?:async )?[#\w]+\(.*\{$|function .*[({]$|const \w+ = .*=> \{$)/;
  s.lines.forEach((line, at) => {
    const match = starts.exec(line);
    if (match === null || /^\s*(?:if|for|while|switch|catch|return)\b/.test(line)) return;
    const end = s.lines.findIndex((l, i) => i > at && l.startsWith(`${match[1]}}`));
    if (end - at + 1 > 60) long.push(`${s.path}:${at + 1} (${end - at + 1} lines)`);
  });
  return long;
}
