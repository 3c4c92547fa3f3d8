/** One line of the accuracy report. */
export type AccuracyLine = {
  quantity: string;
  ours: number;
  /** Of high-precision arithmetic or another program, in full. */
  reference?: number;
  /** As printed, with its own number of digits. */
  printed?: string;
};

export type AccuracySet = { set: string; source: string; reference: string; lines: AccuracyLine[] };

/** Collects the lines of one data set. */
export class Lines {
  readonly #lines: AccuracyLine[] = [];
  readonly #set: string;

  constructor(set: string) {
    this.#set = set;
  }

  add(quantity: string, ours: number, reference?: number, printed?: string): void {
    const against = reference === undefined ? {} : { reference };
    const print = printed === undefined ? {} : { printed };
    this.#lines.push({ quantity, ours, ...against, ...print });
  }

  /** `source`: who printed figures; `reference`: who computed the reference, empty for nobody. */
  asSet(source: string, reference: string): AccuracySet {
    return { set: this.#set, source, reference, lines: this.#lines };
  }
}
