import type { Path } from "../base/schema.js";

/** Something wrong in a device type, before it is given its line and column. */
export type Finding = { path: Path; found: string; expected: string };
