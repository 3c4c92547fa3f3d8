import type { Clock } from "../base/clock.js";
import type { Output } from "./output.js";

/** Told often; says something now and then, and only at a terminal. */
export type Progress = { show(done: number): void; end(): void };

const everyMs = 1000;

/** `12 500 000 samples verified`, on one line of stderr that is written over. */
export function progressLine(out: Output, clock: Clock, what: string): Progress {
  let said = clock.elapsed();
  let any = false;
  return {
    show: (done) => {
      if (clock.elapsed() - said < everyMs) return;
      said = clock.elapsed();
      any = true;
      out.status(`${done.toLocaleString("en").replaceAll(",", " ")} ${what}`);
    },
    end: () => {
      if (any) out.status("");
    },
  };
}
