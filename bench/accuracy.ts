/** `npm run accuracy`: published data sets, our digits, theirs. `-- --write` puts it into docs/statistics.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { accuracySets } from "./accuracy-sets.js";
import { accuracyTable, meetsPrint, withTable } from "./accuracy-table.js";

const sets = await accuracySets();
const table = accuracyTable(sets);
if (process.argv.includes("--write")) {
  const path = fileURLToPath(new URL("../../docs/statistics.md", import.meta.url));
  writeFileSync(path, withTable(readFileSync(path, "utf8"), table));
} else console.log(table);
const off = sets.flatMap((s) => s.lines).filter((line) => !meetsPrint(line));
for (const { set, quantity, ours, printed } of off) {
  console.error(`not the printed figure: ${set}, ${quantity}: ${ours}, printed ${printed}`);
}
