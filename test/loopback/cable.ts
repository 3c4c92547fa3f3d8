/** A serial cable that can be pulled: a pseudo-terminal behind a steady name, as udev gives one to an adapter. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/base/clock.js";
import type { Units } from "../../src/sim/answer.js";
import { openPtyPair, type PtyPair } from "../../src/sim/pty-pair.js";
import { type SerialServer, serveSerial } from "../../src/sim/serial-server.js";

export class Cable {
  /** The port under a name that stays when the device behind it is another one. */
  readonly path: string;
  readonly #folder: string;
  readonly #units: Units;
  readonly #clock: Clock;
  #pair: PtyPair | undefined;
  #server: SerialServer | undefined;

  constructor(units: Units, clock: Clock) {
    this.#folder = mkdtempSync(join(tmpdir(), "wearout-cable-"));
    this.path = join(this.#folder, "adapter");
    this.#units = units;
    this.#clock = clock;
  }

  /** Gives the reason where this machine has no pseudo-terminals. */
  async plug(): Promise<string | undefined> {
    const pair = await openPtyPair();
    if (!pair.ok) return pair.reason;
    this.#pair = pair;
    this.#server = serveSerial(this.#units, pair.stream, { baud: 19_200 }, this.#clock);
    symlinkSync(pair.path, this.path);
    return undefined;
  }

  /** The adapter is gone: its port hangs up and its name vanishes. */
  unplug(): void {
    rmSync(this.path, { force: true });
    this.#server?.close();
    this.#pair?.close();
    this.#pair = undefined;
  }

  close(): void {
    this.unplug();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
