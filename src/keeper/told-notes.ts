/** Who was told of an alarm, as the rig's journal has it: that nobody was there is worth knowing, too. */
import type { JournalEvent } from "../record/journal/kinds.js";
import type { RigBook } from "./rig-book.js";

/** People who look at the rig at this moment: a terminal, readers at its socket. */
export type Audience = { to: string; via: string };

/** Notes it for every alarm that is raised, or whose shelf or bypass is over; returns how to stop. */
export function noteWhoIsTold(book: RigBook, audiences: () => readonly Audience[]): () => void {
  return book.listen((event, seq) => {
    if (!callsSomebody(event)) return;
    const about = seq === undefined ? {} : { about: seq };
    const there = audiences();
    if (there.length === 0) {
      const data = { to: "nobody", via: "nothing", delivered: false, ...about };
      void book.note({ kind: "told", text: `nobody was there to be told: ${event.text}`, data });
    }
    for (const { to, via } of there) {
      const data = { to, via, delivered: true, ...about };
      void book.note({ kind: "told", text: `${to} was told: ${event.text}`, data });
    }
  });
}

function callsSomebody(event: JournalEvent): boolean {
  return event.kind === "alarm" && ["raised", "expired"].includes(event.data.change);
}
