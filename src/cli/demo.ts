import type { Command } from "commander";
import type { Shell } from "./main.js";

export function addDemo(_program: Command, _shell: Shell): void {}
