/** A seeded stream of numbers in [0, 1). */
export type Random = () => number;

/** FNV-1a, 32 bit: spreads a label over the seed space. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * Stream for one purpose: the same seed and label give the same numbers, other labels independent
 * ones, so that one more draw in one plant does not move another plant's life.
 * Generator: sfc32 (PractRand, Chris Doty-Humphrey), warmed up as its author advises.
 */
export function randomStream(seed: number, label: string): Random {
  let a = seed | 0;
  let b = hash(label) | 0;
  let c = hash(`${seed}/${label}`) | 0;
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** Weibull draw by inversion: scale `eta`, shape `beta`. */
export function weibull(random: Random, eta: number, beta: number): number {
  return eta * (-Math.log(1 - random())) ** (1 / beta);
}

/** Standard normal draw (Box-Muller; the second value is not kept, to stay stateless). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
