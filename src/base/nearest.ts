/** The known word a person most likely meant; undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // The designation alone of `ball-bearing/6206`, the limit alone of `vibration-high@s1`.
  const whole = known.find((one) => one.endsWith(`/${word}`) || one.startsWith(`${word}@`));
  if (whole !== undefined) return whole;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `"speed" (did you mean it?), one of: ...` */
export function suggest(word: string, known: readonly string[]): string {
  if (known.length === 0) return "none: there are none to choose from";
  const close = nearest(word, known);
  const all = known.length <= 12 ? `one of ${known.join(", ")}` : `one of ${known.length} names`;
  if (close !== undefined && known.length === 1) return `"${close}" (did you mean that?)`;
  return close === undefined ? all : `"${close}" (did you mean that?) or ${all}`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
