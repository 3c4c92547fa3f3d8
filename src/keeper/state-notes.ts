/** The states of a rig without a run, and how safe it was when it got there, as its journal has them. */
import type { JournalData } from "../record/journal/kinds.js";
import type { ActuatorSafety } from "../rig/safety.js";
import { safetyText } from "../rig/safety.js";
import type { RigBook } from "./rig-book.js";

type Rest = { state: string; reason: string };

export class StateNotes {
  readonly #book: RigBook;
  #was = "Idle";

  constructor(book: RigBook) {
    this.#book = book;
  }

  /** Notes what is another than at the look before; `by`: the person who made it so. */
  look({ state, reason }: Rest, safety: readonly ActuatorSafety[], by?: string): void {
    if (state === this.#was) return;
    const data = { from: this.#was, to: state };
    this.#was = state;
    const who = by === undefined ? {} : { by };
    const text = by === undefined ? reason : `cleared by ${by}`;
    void this.#book.note({ kind: "state", text, ...who, data });
    if (state === "Aborted") void this.#book.note(safeNote(safety));
  }
}

function safeNote(safety: readonly ActuatorSafety[]) {
  const actuators = safety.map(({ role, level, acted }) => ({ role, level, acted }));
  const data: JournalData<"safe"> = { actuators };
  return { kind: "safe", text: `safe values: ${safetyText(safety)}`, data } as const;
}
