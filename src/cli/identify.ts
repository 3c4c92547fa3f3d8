/** A type's identity checks on a line: reads only. */
import type { DeviceType } from "../device/device-type.js";
import { encodingOf } from "../device/encoding.js";
import { identityMismatch } from "../device/identity.js";
import type { ReadRequest } from "../device/request.js";
import type { Reply } from "../line/line.js";

/**
 * `weak`: the checks pass, but the type itself says that they only make it plausible; `silent`: a
 * read the check needs got no answer.
 */
export type Verdict = { is: "right" | "weak" | "wrong" | "silent" | "unknown"; detail: string };

export type Read = (request: ReadRequest) => Promise<Reply>;

export async function identify(type: DeviceType, read: Read): Promise<Verdict> {
  const note = type.identifyNote ?? "";
  if (type.identify.length === 0) return { is: "unknown", detail: note };
  for (const check of type.identify) {
    const point = type.points[check.point];
    if (point === undefined) return { is: "unknown", detail: `no point ${check.point}` };
    const { registers: count, read: rawOf } = encodingOf(point);
    const reply = await read({ kind: "read", table: point.table, address: point.address, count });
    if (!reply.ok) {
      const is = reply.fault === "exception" ? "wrong" : "silent";
      return { is, detail: `${check.point}: ${reply.fault}: ${reply.detail}` };
    }
    const mismatch = identityMismatch(check, rawOf(reply.words, 0));
    if (mismatch !== undefined) return { is: "wrong", detail: mismatch };
  }
  return { is: note === "" ? "right" : "weak", detail: note };
}
