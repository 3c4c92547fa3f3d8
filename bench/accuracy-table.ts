/** The accuracy report as Markdown, as it stands in docs/statistics.md. */
import type { AccuracyLine, AccuracySet } from "./accuracy-case.js";

const classes = [1e-10, 1e-8, 1e-6, 1e-4] as const;
const digits = 10;

export function accuracyTable(sets: readonly AccuracySet[]): string {
  const head = ["| quantity | ours | reference | within | printed |", "|---|---|---|---|---|"];
  const parts = sets.map(({ set, source, reference, lines }) => {
    const against = reference === "" ? "" : `; reference: ${reference}`;
    return [`**${set}** (printed: ${source}${against})`, "", ...head, ...lines.map(row)].join("\n");
  });
  return parts.join("\n\n");
}

function row(line: AccuracyLine): string {
  const { quantity, ours, reference, printed } = line;
  const against = reference === undefined ? ["", ""] : [shown(reference), within(ours, reference)];
  const print = printed === undefined ? "" : `${printed}${meetsPrint(line) ? "" : " *"}`;
  return `| ${[quantity, shown(ours), ...against, print].join(" | ")} |`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(digits)));
}

/** The class, not the difference: its last digits differ between processors. */
function within(ours: number, reference: number): string {
  const error = Math.abs(ours / reference - 1);
  const found = classes.find((c) => error <= c);
  return found === undefined ? `**${error.toExponential(1)}**` : found.toExponential(0);
}

/** A printed figure is met when ours, rounded to as many digits, is it. */
export function meetsPrint({ ours, printed }: AccuracyLine): boolean {
  if (printed === undefined) return true;
  const decimals = printed.split(".")[1]?.length ?? 0;
  return Number(ours.toFixed(decimals)) === Number(printed);
}

export const marks = ["<!-- accuracy: begin -->", "<!-- accuracy: end -->"] as const;

/** The page with the report put between its marks. */
export function withTable(page: string, table: string): string {
  const [begin, end] = marks.map((mark) => page.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) {
    throw new Error("the page has no place for the accuracy report");
  }
  return `${page.slice(0, begin)}${marks[0]}\n\n${table}\n\n${page.slice(end)}`;
}
