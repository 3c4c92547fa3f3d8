import type { Point } from "../device/device-type.js";

/** May a lost write be sent again? What goes into an EEPROM only when it did not arrive. */
export function repeatOf(write: Point["write"]): "freely" | "read-back-first" | "never" {
  return write?.repeat ?? (write?.persist === "eeprom" ? "read-back-first" : "freely");
}
