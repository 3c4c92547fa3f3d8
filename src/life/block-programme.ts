/**
 * A load history as blocks of equal cycles with the same damage. Each bin of ranges becomes one block:
 * its cycles, at the range that with so many cycles does the damage of the bin.
 */
import type { RainflowTally } from "./rainflow-tally.js";

export type Block = {
  cycles: number;
  range: number;
  mean: number;
  minimum: number;
  maximum: number;
};

export type BlockProgramme = {
  /** How many passes of the history the programme stands for: two where half cycles must add up. */
  histories: 1 | 2;
  cycles: number;
  /** From small ranges to large ones and back (low-high-low), so that no sequence is favoured. */
  blocks: Block[];
};

export function blockProgramme(tally: RainflowTally): BlockProgramme {
  const { extent, slope } = tally;
  const bins = tally.bins();
  const histories = bins.every((b) => Number.isInteger(b.count)) ? 1 : 2;
  const span = extent.maximum - extent.minimum;
  const levels = bins.map((bin) => {
    const range = span * (bin.damage / bin.count) ** (1 / slope);
    // A mean of the bin's cycles with a range of its own may reach beyond the history by a little.
    const least = extent.minimum + range / 2;
    const mean = Math.max(least, Math.min(bin.mean, extent.maximum - range / 2));
    const [minimum, maximum] = [mean - range / 2, mean + range / 2];
    return { cycles: bin.count * histories, range, mean, minimum, maximum };
  });
  const up = levels.slice(0, -1).map((l) => ({ ...l, cycles: Math.floor(l.cycles / 2) }));
  const down = levels.slice(0, -1).map((l) => ({ ...l, cycles: Math.ceil(l.cycles / 2) }));
  const blocks = [...up, ...levels.slice(-1), ...down.reverse()].filter((b) => b.cycles > 0);
  return { histories, cycles: levels.reduce((s, l) => s + l.cycles, 0), blocks };
}
