import type { Problem } from "../base/error.js";
import type { CompiledLimit } from "../limit/compile.js";
import type { RoleColumn } from "./column.js";
import type { LoadedDevice } from "./device.js";
import type { RigFile } from "./rig-file.js";

/** A rig's file, read, checked and compiled; nothing is opened yet. */
export type LoadedRig = {
  file: string;
  text: string;
  rig: RigFile;
  columns: readonly RoleColumn[];
  devices: ReadonlyMap<string, LoadedDevice>;
  /** The rig's own limits, on its columns; setpoints as in `Rig.actuators`. */
  limits: readonly CompiledLimit[];
  /** Device type files as they were read, by the type's name: a run keeps them. */
  typeTexts: ReadonlyMap<string, string>;
  /** What a person should know although the rig works. */
  warnings: readonly Problem[];
};
