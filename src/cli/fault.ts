/** `--fault [LINE:]NAME=VALUE` on the command line. */
import { WearoutError } from "../base/error.js";
import { suggest } from "../base/schema.js";
import { type Faults, noFaults } from "../sim/fault.js";
import { faultHelp, faultsFrom, faultWords } from "../sim/fault-option.js";
import { assignments } from "./option.js";

/** The part of a help text that lists the faults. */
export const faultList = `
Faults (a share of exchanges as 0.05 or "5 %", times in milliseconds; docs/simulation.md says more):
${faultHelp()}`;

export function faultsOf(texts: readonly string[], carrier: "serial" | "tcp"): Faults {
  return faultsFrom(assignments("--fault", texts), carrier);
}

/** Faults by line: without a line's name they are of every line. */
export function faultsByLine(texts: readonly string[], lines: readonly string[]) {
  const pairs = assignments("--fault", texts).map(([name, value]) => {
    const at = name.indexOf(":");
    const line = at < 0 ? undefined : name.slice(0, at);
    if (line !== undefined && !lines.includes(line)) {
      const expected = suggest(line, [...new Set(lines)]);
      throw new WearoutError("USAGE", `--fault: no line "${line}", expected ${expected}`);
    }
    return { line, pair: [name.slice(at + 1), value] as const };
  });
  const of = (line: string): Faults => {
    const own = pairs.filter((p) => p.line === undefined || p.line === line);
    return own.length === 0 ? noFaults : faultsFrom(own.map(({ pair }) => pair));
  };
  // All at once, so that a wrong number is found before anything is served.
  return new Map(lines.map((line) => [line, of(line)]));
}

/** `FAULTS INJECTED: crc=0.05 late=0.01`, or nothing. */
export function injectedText(faults: Faults): string {
  const words = faultWords(faults);
  return words === "" ? "" : `FAULTS INJECTED: ${words}`;
}
