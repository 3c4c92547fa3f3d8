import type { CompiledLimit } from "../limit/compile.js";
import type { RoleColumn } from "./column.js";
import type { LoadedDevice } from "./device.js";
import type { RigFile } from "./rig-file.js";

/** A column that has one value all the time. */
export type Constant = { column: number; value: number };

/** A rig's file, read, checked and compiled; nothing is opened yet. */
export type LoadedRig = {
  file: string;
  text: string;
  rig: RigFile;
  columns: readonly RoleColumn[];
  devices: ReadonlyMap<string, LoadedDevice>;
  /** The rig's own limits, on its columns; setpoints as in `Rig.actuators`. */
  limits: readonly CompiledLimit[];
  /** Roles that are constant, canonical; one given per run is there once it was given. */
  constants: readonly Constant[];
  /** The values given for a run by the name of their role, as written. */
  given: Readonly<Record<string, string>>;
  /** Device type files as they were read, by the type's name: a run keeps them. */
  typeTexts: ReadonlyMap<string, string>;
};
