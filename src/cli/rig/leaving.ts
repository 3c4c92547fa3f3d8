import type { Pilot } from "../../run/pilot.js";
import type { Output } from "../output.js";
import {
  endByStatus,
  type Interrupt,
  ignoreOtherSignals,
  interruptText,
  onInterrupt,
} from "../signal.js";

type Kept = { pilot: Pick<Pilot, "command">; simulated: boolean; hasRun: () => boolean };

/**
 * What Ctrl-C, a termination and a lost terminal mean to a process that keeps rigs. Made before the first byte
 * goes to one: what comes before there is a run is passed on when there is. Once: down at the ramps and safe, the
 * run stays open (a simulated one stops). Any of them again: abort. It never ends the process.
 */
export class Leaving {
  readonly #tell: (text: string) => void;
  readonly #stops: readonly (() => void)[];
  readonly #kept: Kept[] = [];
  #asked: Interrupt | undefined;
  #aborts: string | undefined;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
    this.#stops = [
      onInterrupt(
        (signal) => this.#leave(signal),
        (signal) => this.#abort(signal),
      ),
      ignoreOtherSignals(),
    ];
  }

  /** What the process was told before or is being told. */
  get asked(): Interrupt | undefined {
    return this.#asked;
  }

  /** From now on signals go to this run too, or to a rig that is kept with or without one. */
  attach(pilot: Pick<Pilot, "command">, simulated: boolean, hasRun = () => true): void {
    const kept = { pilot, simulated, hasRun };
    this.#kept.push(kept);
    if (this.#asked !== undefined) leave(kept, this.#asked);
    if (this.#aborts !== undefined) pilot.command("abort", "terminal", this.#aborts);
  }

  close(): void {
    endByStatus();
    for (const stop of this.#stops) stop();
  }

  #leave(signal: Interrupt): void {
    this.#asked = signal;
    const stays = this.#kept.some(({ simulated, hasRun }) => !simulated && hasRun());
    const run = stays ? ", the run stays open" : "";
    this.#tell(`the rig is taken down and made safe${run} (Ctrl-C again: safe at once)`);
    for (const kept of this.#kept) leave(kept, signal);
  }

  #abort(signal: Interrupt): void {
    if (this.#aborts !== undefined) return;
    this.#aborts = `${interruptText[signal]}, a second signal`;
    this.#tell("safe values at once; the process ends when every actuator has acted");
    for (const { pilot } of this.#kept) pilot.command("abort", "terminal", this.#aborts);
  }
}

function leave({ pilot, simulated }: Kept, signal: Interrupt): void {
  pilot.command(simulated ? "stop" : "leave", "terminal", interruptText[signal]);
}

/** Makes it, lends it to `work`, and gives the signals back. */
export async function withLeaving<T>(
  out: Output,
  work: (leaving: Leaving) => Promise<T>,
): Promise<T> {
  const leaving = new Leaving((text) => out.talk(text));
  try {
    return await work(leaving);
  } finally {
    leaving.close();
  }
}
