/** What faults make of a whole exchange, for a line that has replies and no bytes. */
import type { Request } from "../device/request.js";
import type { LineFault } from "../line/line.js";
import type { FaultKind } from "./fault.js";

/** What the exchange becomes on which kind of line; the others answer, at most later. */
type Ruin = { fault: LineFault; on: "both" | "serial" | "tcp"; of?: "read" | "write" };

const ruins: Partial<Record<FaultKind, Ruin>> = {
  crc: { fault: "crc", on: "serial" },
  "noise-inside": { fault: "crc", on: "serial" },
  "wrong-unit": { fault: "foreign", on: "both" },
  echo: { fault: "echo", on: "both", of: "write" },
  "byte-count": { fault: "length", on: "both", of: "read" },
  merged: { fault: "timeout", on: "both" },
  "half-open": { fault: "timeout", on: "tcp" },
  "wrong-id": { fault: "timeout", on: "tcp" },
  "wrap-id": { fault: "timeout", on: "tcp" },
  "bad-length": { fault: "length", on: "tcp" },
  reset: { fault: "closed", on: "tcp" },
  unplug: { fault: "closed", on: "both" },
};

/** What becomes of the exchange on such a line; undefined when an answer can still come. */
export function ruinOf(
  fault: FaultKind | undefined,
  request: Request,
  isTcp: boolean,
): LineFault | undefined {
  const ruin = fault === undefined ? undefined : ruins[fault];
  if (ruin === undefined || (ruin.of !== undefined && ruin.of !== request.kind)) return undefined;
  const here = ruin.on === "both" || (ruin.on === "tcp") === isTcp;
  return here ? ruin.fault : undefined;
}

/** An answer comes, belongs to nobody and is thrown away. */
export function isDiscarded(fault: FaultKind | undefined): boolean {
  return fault === "merged" || fault === "wrong-id" || fault === "wrap-id";
}

/** The request does not reach the device. */
export function isUnheard(fault: FaultKind | undefined): boolean {
  return fault === "dead" || fault === "timeout" || fault === "dropout" || fault === "unplug";
}
