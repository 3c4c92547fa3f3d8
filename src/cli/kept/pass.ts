/** What a terminal holds that has taken presence: in a file of its user, under the name of the terminal. */
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Place } from "../../api/place.js";

/** Undefined where there is no terminal: nothing is remembered then. */
export function passFileOf({ socket }: Pick<Place, "socket">): string | undefined {
  const terminal = terminalName();
  if (terminal === undefined) return undefined;
  const folder = process.env["XDG_RUNTIME_DIR"] || tmpdir();
  const rig = basename(socket, ".sock");
  return join(folder, `wearout-${process.getuid?.() ?? 0}-${rig}-${terminal}.pass`);
}

/** `pts-3` of /dev/pts/3 */
function terminalName(): string | undefined {
  if (process.stdin.isTTY !== true) return undefined;
  try {
    return readlinkSync("/proc/self/fd/0")
      .replace(/^\/dev\//, "")
      .replaceAll("/", "-");
  } catch {
    return undefined;
  }
}

/** Of this terminal, if it has taken presence. */
export function passOf(place: Pick<Place, "socket">): string | undefined {
  const file = passFileOf(place);
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

export function forgetPass(place: Pick<Place, "socket">): void {
  const file = passFileOf(place);
  if (file !== undefined) rmSync(file, { force: true });
}
