/** What a person should know of a rig file that works; nothing is refused by it. */
import type { Problem } from "../base/error.js";
import type { Parsed } from "../base/schema.js";
import type { RigFile } from "./rig-file.js";

export function rigWarnings(parsed: Parsed<RigFile>): Problem[] {
  const actuators = Object.entries(parsed.value?.actuators ?? {});
  return actuators.flatMap(([role, { onRelease }]): Problem[] => {
    if (onRelease !== undefined) return [];
    const found = `nothing that says what the load does when ${role} lets go`;
    const expected = "onRelease: nothing, drops or runs-away (docs/safety.md)";
    return [{ ...parsed.problem(["actuators", role], found, expected), severity: "warning" }];
  });
}
