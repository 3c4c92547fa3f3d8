/** The exported samples of a run, as any program reads them: CSV with the qualities that are not good by name. */
export type RecordRow = {
  wallMs: number;
  cycle: number;
  values: ReadonlyMap<string, number>;
  /** Names of columns whose value is not good. */
  notGood: ReadonlySet<string>;
};

/** No name or value of these runs holds a comma. */
export function rowsOf(csv: string): RecordRow[] {
  const [head = "", ...lines] = csv.trim().split("\n");
  const titles = head.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const cell = (title: string) => cells[titles.indexOf(title)] ?? "";
    const values = new Map(titles.map((title, i) => [title, Number(cells[i])]));
    const notGood = new Set(
      cell("quality")
        .split(" ")
        .map((word) => word.split("=")[0] ?? ""),
    );
    return { wallMs: Date.parse(cell("time")), cycle: Number(cell("cycle")), values, notGood };
  });
}

/** What the columns hold, when all of them are good. */
export function cellsOf(row: RecordRow, names: readonly string[]): number[] | undefined {
  if (names.some((name) => row.notGood.has(name))) return undefined;
  return names.map((name) => row.values.get(name) ?? Number.NaN);
}
