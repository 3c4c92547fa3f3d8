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
for (const { set, lines } of sets) {
  for (const { quantity, ours, printed } of lines.filter((line) => !meetsPrint(line))) {
    console.error(`not the printed figure: ${set}, ${quantity}: ${ours}, printed ${printed}`);
  }
}
