import { lstatSync } from "node:fs";

/** For copies of a state folder: the socket of a process that was killed cannot be copied. */
export function isNoSocket(path: string): boolean {
  return !lstatSync(path).isSocket();
}
