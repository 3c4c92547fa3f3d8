/** docs/run.md says what the sources say. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/base/error.js";
import { eventKinds } from "../../src/record/document/event.js";
import { packmlStates } from "../../src/run/states.js";

const page = readFileSync(new URL("../../../docs/run.md", import.meta.url), "utf8");

/** First cells of the table under a heading. */
function firstCells(heading: string): string[] {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(1).flatMap((row) => row.split("|")[1]?.trim().replaceAll("`", "") ?? []);
}

describe("docs/run.md", () => {
  it("has the error table as it is", () => {
    const rows = Object.entries(errorTable).map(
      ([code, { exit, meaning }]) => `| \`${code}\` | ${exit} | ${meaning} |`,
    );
    const table = ["| code | exit | meaning |", "|---|---|---|", ...rows].join("\n");
    const kept = /<!-- errors -->\n([\s\S]*?)\n<!-- end -->/.exec(page)?.[1];
    expect(kept, `stale: put this between the marks\n${table}`).toBe(table);
  });

  it("explains every state, every kind of event and every exit status once", () => {
    const states = firstCells("States").flatMap((cell) => cell.split(", "));
    expect(states.sort()).toEqual([...packmlStates].sort());
    expect(firstCells("Events")).toEqual([...eventKinds]);
    const statuses = new Set([0, 6, 7, ...Object.values(errorTable).map(({ exit }) => exit)]);
    expect(firstCells("Exit status").map(Number)).toEqual([...statuses].sort());
  });
});
