// `npm run rooms -- --write`: who imports whom among the rooms of `src/`, as the picture in docs/architecture.md.
// Without `--write` it is printed.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const src = join(root, "src");
const document = join(root, "docs/architecture.md");
const [begin, end] = ["<!-- rooms: npm run rooms -- --write -->\n", "<!-- rooms end -->"];

/** Every room with those it imports, types too. */
function importsByRoom() {
  const rooms = new Map();
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const room = file.split("/")[0];
    const imported = rooms.get(room) ?? new Set();
    rooms.set(room, imported);
    for (const other of roomsIn(join(src, file))) if (other !== room) imported.add(other);
  }
  return rooms;
}

function roomsIn(path) {
  const text = readFileSync(path, "utf8");
  const imports = [...text.matchAll(/(?:from|import)[ (]*"(\.[^"]+)"/g)];
  return imports.map(([, from]) => relative(src, resolve(dirname(path), from)).split("/")[0]);
}

/** Only what is not said by way of a room between: that `cli` imports `base` goes without saying. */
function withoutDetours(rooms) {
  const reach = (from, seen = new Set()) => {
    for (const to of rooms.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  return [...rooms].flatMap(([from, all]) => {
    const direct = [...all].filter((to) => ![...all].some((by) => by !== to && reach(by).has(to)));
    return direct.map((to) => [from, to]);
  });
}

/** Mermaid, as code hosts draw it; by name, so that the same sources give the same text. */
function picture() {
  const edges = withoutDetours(importsByRoom()).map(([from, to]) => `  ${from} --> ${to}`);
  return ["```mermaid", "graph TD", ...edges.sort(), "```", ""].join("\n");
}

/** The document with the picture that the sources give, in the place of the one it has. */
export function withPicture(text) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document}: the marks of the picture are missing`);
  return text.slice(0, from + begin.length) + picture() + text.slice(to);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) {
    writeFileSync(document, withPicture(readFileSync(document, "utf8")));
  } else process.stdout.write(picture());
}
