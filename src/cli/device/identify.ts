/** A type's identity checks on a line: reads only. */
import { WearoutError } from "../../base/error.js";
import type { DeviceType } from "../../device/device-type.js";
import { encodingOf } from "../../device/encoding.js";
import { identityMismatch } from "../../device/identity.js";
import type { ReadRequest } from "../../device/request.js";
import type { Reply } from "../../line/line.js";
import { faultInWords } from "../../line/trace.js";

/**
 * `weak`: the checks pass, but the type itself says that they only make it plausible; `silent`: a
 * read the check needs got no answer.
 */
export type Verdict = { is: "right" | "weak" | "wrong" | "silent" | "unknown"; detail: string };

export type Read = (request: ReadRequest) => Promise<Reply>;

export async function identify(type: DeviceType, read: Read): Promise<Verdict> {
  const note = type.identifyWeak ?? type.identifyNote ?? "";
  if (type.identify.length === 0) return { is: "unknown", detail: note };
  for (const check of type.identify) {
    const point = type.points[check.point];
    if (point === undefined) return { is: "unknown", detail: `no point ${check.point}` };
    const { registers: count, read: rawOf } = encodingOf(point);
    const reply = await read({ kind: "read", table: point.table, address: point.address, count });
    if (!reply.ok) {
      const is = reply.fault === "exception" ? "wrong" : "silent";
      return { is, detail: `${check.point}: ${faultInWords(reply)}` };
    }
    const mismatch = identityMismatch(check, rawOf(reply.words, 0), point);
    if (mismatch !== undefined) return { is: "wrong", detail: mismatch };
  }
  return { is: note === "" ? "right" : "weak", detail: note };
}

/** Stops a command for which the unit is not what its type says, or says nothing. */
export function mustBeOfType({ is, detail }: Verdict, unit: number, type: string): void {
  if (is === "wrong") {
    throw new WearoutError("DEVICE_IDENTITY", `unit ${unit} is no ${type}: ${detail}`);
  }
  if (is === "silent") {
    const text = `unit ${unit} did not say whether it is a ${type}: ${detail}`;
    throw new WearoutError("DEVICE_SILENT", text);
  }
}
