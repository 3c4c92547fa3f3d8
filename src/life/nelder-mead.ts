/**
 * Minimum by the simplex of J. A. Nelder and R. Mead (Computer Journal 7, 1965, 308-313): slow, needs
 * no derivatives, hardly ever fails. The rescue where Newton does.
 */
export function nelderMead(
  f: (x: number[]) => number,
  start: readonly number[],
  size = 0.5,
): { x: number[]; value: number } {
  const d = start.length;
  const corner = (x: number[]) => ({ x, value: f(x) });
  const simplex = [corner([...start])];
  for (let i = 0; i < d; i++) simplex.push(corner(start.map((v, j) => v + (i === j ? size : 0))));
  for (let n = 0; n < 500 * d; n++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex[d]!];
    if (Math.abs(worst.value - best.value) <= 1e-13 * (1 + Math.abs(best.value))) break;
    const centre = start.map((_, j) => simplex.slice(0, d).reduce((s, c) => s + c.x[j]!, 0) / d);
    const along = (k: number) => corner(centre.map((c, j) => c + k * (worst.x[j]! - c)));
    const mirrored = along(-1);
    if (mirrored.value < best.value) {
      const further = along(-2);
      simplex[d] = further.value < mirrored.value ? further : mirrored;
    } else if (mirrored.value < simplex[d - 1]!.value) {
      simplex[d] = mirrored;
    } else {
      const inner = along(mirrored.value < worst.value ? -0.5 : 0.5);
      if (inner.value < Math.min(worst.value, mirrored.value)) simplex[d] = inner;
      else {
        for (let i = 1; i <= d; i++) {
          simplex[i] = corner(simplex[i]!.x.map((v, j) => (v + best.x[j]!) / 2));
        }
      }
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return simplex[0]!;
}
