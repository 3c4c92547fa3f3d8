/** What is heard on a rig's lines and does not belong there, as faults of the run. */
import type { RunMs } from "../base/clock.js";
import { type Slow, slowInWords } from "../rig/device.js";

/** Another master that goes on is told of once in this time. */
const againMs = 60_000;

type Counted = { otherMaster: number; localEcho: number; slow: Readonly<Record<number, Slow>> };
type Heard = { otherMaster: number; toldAt: RunMs; echo: boolean; slow: Set<number> };

/** Looks at the counters of lines; cheap enough for every decision of a run. */
export class LineWatch {
  readonly #statistics: Readonly<Record<string, Counted>>;
  readonly #tell: (text: string) => void;
  readonly #heard = new Map<string, Heard>();

  /** `echoing` names the lines whose adapters are known to echo. */
  constructor(
    statistics: Readonly<Record<string, Counted>>,
    echoing: readonly string[],
    tell: (text: string) => void,
  ) {
    this.#statistics = statistics;
    this.#tell = tell;
    for (const [line, { otherMaster }] of Object.entries(statistics)) {
      const heard = { otherMaster, toldAt: Number.NEGATIVE_INFINITY };
      this.#heard.set(line, { ...heard, echo: echoing.includes(line), slow: new Set() });
    }
  }

  /** Tells what has been heard since the last look. */
  look(now: RunMs): void {
    for (const [line, heard] of this.#heard) {
      const counted = this.#statistics[line]!;
      if (counted.localEcho > 0 && !heard.echo) {
        heard.echo = true;
        this.#tell(echoText(line));
      }
      this.#lookAtSlow(line, counted.slow, heard.slow);
      if (counted.otherMaster === heard.otherMaster || now < heard.toldAt + againMs) continue;
      this.#tell(otherMasterText(line, counted.otherMaster - heard.otherMaster));
      heard.otherMaster = counted.otherMaster;
      heard.toldAt = now;
    }
  }

  /** Each unit once: the end of the run tells how slow it was at worst. */
  #lookAtSlow(line: string, slow: Counted["slow"], told: Set<number>): void {
    for (const unit in slow) {
      const one = { [unit]: slow[unit]! };
      for (const text of slowInWords(one, told)) {
        told.add(Number(unit));
        this.#tell(`line ${line}: ${text}`);
      }
    }
  }
}

function otherMasterText(line: string, requests: number): string {
  const heard = requests === 1 ? "1 request" : `${requests} requests`;
  return `another master asks on line ${line} (${heard} heard): two masters disturb each other, take it off`;
}

function echoText(line: string): string {
  return `the adapter of line ${line} gives back what is sent: write localEcho: true for it in the rig file`;
}
