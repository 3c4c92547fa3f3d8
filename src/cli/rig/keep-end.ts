/** How the keeping of a rig ends: by a person's word, when nothing of it is left open. */
import type { Keeper } from "../../keeper/keeper.js";
import type { Verb } from "../../record/document/input.js";
import type { RigGuests } from "./guests.js";

export class KeepEnd {
  /** The run on the rig has left it, and every actuator has acted or was answered for. */
  readonly reached: Promise<void>;
  readonly #keeper: Keeper;
  readonly #guests: RigGuests;
  #reach: () => void = () => {};

  constructor(keeper: Keeper, guests: RigGuests) {
    this.#keeper = keeper;
    this.#guests = guests;
    this.reached = new Promise((resolve) => {
      this.#reach = resolve;
    });
  }

  /** `leave`: down at the ramps and safe, a run stays open; `abort`: safe values at once. */
  command(verb: Verb, by: string, reason = ""): void {
    this.#guests.close();
    if (verb === "abort") void this.#keeper.safe(reason === "" ? `abort by ${by}` : reason);
    this.#guests.command(verb, by, reason);
    void this.#leave();
  }

  async #leave(): Promise<void> {
    const { rig } = this.#keeper;
    await this.#guests.over;
    if (rig.isSafe) await rig.whenActed();
    this.#reach();
  }
}
