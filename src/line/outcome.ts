import type { Asked } from "./framer.js";
import type { LineFault } from "./line.js";

/** What came of one question. */
export type Outcome =
  | { ok: true; words: readonly number[] }
  | { ok: false; fault: LineFault; exception?: number; detail: string };

/** Sends one question and waits for what comes of it. */
export type Ask = (asked: Asked) => Promise<Outcome>;
