/** What a person found at a station after a trip, and what becomes of its specimen (docs/run.md). */
import { WearoutError } from "../base/error.js";
import { type Disposition, decisions, findings } from "../record/document/input.js";

export const dispositionExample = "s2=sensor continue: cable was loose, fastened, signal as before";
/** Of a specimen that is in place again after its run was parked. */
export const remountExample = "s2=outside continue: same serial, mounted again, turns freely";

/** `STATION=KIND DECISION: TEXT`, signed by `by`; `USAGE` says what is right on any mistake. */
export function parseDisposition(text: string, by: string): Disposition {
  const parts = /^([^=]*)=\s*(\S*)\s*([^\s:]*)\s*(:?)(.*)$/s.exec(text.trim());
  const [, station = "", kind, decision, colon, said = ""] = parts ?? [];
  if (station.trim() === "") throw wrong(text, `a station first, as in ${dispositionExample}`);
  const finding = findings.find((word) => word === kind?.replace(/:$/, ""));
  if (finding === undefined) throw wrong(text, `where the cause lay: ${findings.join(", ")}`);
  const decided = decisions.find((word) => word === decision);
  if (decided === undefined) {
    throw wrong(text, `what becomes of the specimen: ${decisions.join(", ")}`);
  }
  if (colon === "" || said.trim() === "") {
    throw wrong(text, `after a colon what was looked at and found, as in ${dispositionExample}`);
  }
  if (by.trim() === "") throw wrong(text, "who says so");
  return { station: station.trim(), kind: finding, decision: decided, text: said.trim(), by };
}

function wrong(text: string, expected: string): WearoutError {
  return new WearoutError("USAGE", `--disposition "${text}": expected ${expected}`);
}
