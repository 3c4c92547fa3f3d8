/** Roles that show a state or flags of a device have the words of its type. */
import type { RigCheck } from "./check/context.js";
import { pointOf } from "./check/context.js";
import type { RoleColumn } from "./column.js";

/** The columns, those with the words of their point that show one as it is. */
export function withWords(
  columns: readonly RoleColumn[],
  files: Pick<RigCheck, "rig" | "types">,
): RoleColumn[] {
  return columns.map((column) => {
    const { read, linear } = column.says;
    const { enum: states, bits } = pointOf(files, linear === undefined ? read : undefined) ?? {};
    if (states !== undefined) return { ...column, words: { enum: states } };
    return bits === undefined ? column : { ...column, words: { bits } };
  });
}
