import { formatDuration, formatNumber, fromCanonical } from "../base/quantity.js";
import type { Series } from "../record/series.js";
import { padded } from "./axis.js";

/** A character of Braille is two dots wide and four high (Unicode 28xx). */
const dotsAcross = 2;
const dotsDown = 4;
const dotBits = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

const labelWidth = 10;

/** How many intervals a picture of this width has. */
export function bucketsAcross(characters: number): number {
  return Math.max(10, characters - labelWidth - 1) * dotsAcross;
}

/** A picture for the terminal: every interval is a stroke from its least to its most value. */
export function seriesText(s: Series, rows: number): string[] {
  const shown = (v: number) => fromCanonical(v, s.column.unit);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < s.mean.length; i++) {
    if (!(s.count[i]! > 0)) continue;
    low = Math.min(low, shown(s.min[i]!));
    high = Math.max(high, shown(s.max[i]!));
  }
  const unit = s.column.unit === "1" ? "" : ` ${s.column.unit}`;
  if (low > high) return [`${s.column.name}: no values in this time`];
  const [bottom, top] = padded(low, high);
  const dots = new Dots(s.mean.length, rows);
  const last = rows * dotsDown - 1;
  const y = (v: number) => Math.round(((top - shown(v)) / (top - bottom)) * last);
  for (let i = 0; i < s.mean.length; i++) {
    if (s.count[i]! > 0) dots.stroke(i, y(s.max[i]!), y(s.min[i]!));
  }
  const label = (row: number) => {
    const value = top - ((row + 0.5) / rows) * (top - bottom);
    return row % 2 === 0 ? formatNumber(Number(value.toPrecision(4))) : "";
  };
  return [
    `${s.column.name}: ${formatNumber(low)} to ${formatNumber(high)}${unit}`,
    ...dots.lines().map((line, row) => `${label(row).padStart(labelWidth)}┤${line}`),
    axisLine(s),
  ];
}

class Dots {
  readonly #cells: Uint8Array[];

  constructor(across: number, rows: number) {
    const cells = Math.ceil(across / dotsAcross);
    this.#cells = Array.from({ length: rows }, () => new Uint8Array(cells));
  }

  stroke(x: number, from: number, to: number): void {
    for (let y = from; y <= to; y++) {
      const row = this.#cells[Math.floor(y / dotsDown)]!;
      row[Math.floor(x / dotsAcross)]! |= dotBits[x % dotsAcross]![y % dotsDown]!;
    }
  }

  lines(): string[] {
    return this.#cells.map((row) =>
      Array.from(row, (bits) => (bits === 0 ? " " : String.fromCharCode(0x2800 + bits)))
        .join("")
        .trimEnd(),
    );
  }
}

function axisLine({ fromMs, bucketMs, mean }: Series): string {
  const width = Math.ceil(mean.length / dotsAcross);
  const [from, to] = [formatDuration(fromMs), formatDuration(fromMs + bucketMs * mean.length)];
  return `${" ".repeat(labelWidth)}└${from}${to.padStart(Math.max(0, width - from.length))}`;
}
