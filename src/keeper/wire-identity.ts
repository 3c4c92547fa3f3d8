/** What tells a wire from another one of the same name. */
import { readFileSync, realpathSync } from "node:fs";
import type { LineSpec } from "../line/line.js";
import { addressOf, socketPlace } from "../line/wire.js";
import type { Wire } from "../rig/safe-plan.js";
import { bootId } from "../rig/safe-plan-file.js";

export function wireOf(spec: LineSpec): Wire {
  if ("serial" in spec) return { real: realPath(spec.serial), mac: "", boot: bootId() };
  const host = hostOf("tcp" in spec ? spec.tcp : spec.rtuTcp);
  return { real: host, mac: macOf(host), boot: "" };
}

/** A steady name (by-id, by-path) means the same adapter; another one only within one start of the machine. */
export function isSameWire(spec: LineSpec, then: Wire, now: Wire): boolean {
  if ("serial" in spec) {
    const isSteady = spec.serial.startsWith("/dev/serial/");
    return now.real !== "" && (isSteady || (now.real === then.real && now.boot === then.boot));
  }
  return now.real === then.real && (then.mac === "" || now.mac === "" || now.mac === then.mac);
}

/** The same for the same port or socket address, by whatever name it is given. */
export function placeOf(spec: LineSpec): string {
  if ("serial" in spec) return realPath(spec.serial) || spec.serial;
  return socketPlace(addressOf(spec));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return "";
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

/** From the kernel's table of neighbours (proc(5), /proc/net/arp); hosts behind a router are not in it. */
function macOf(host: string): string {
  try {
    const rows = readFileSync("/proc/net/arp", "utf8").split("\n");
    const row = rows.map((line) => line.split(/\s+/)).find(([ip]) => ip === host);
    return row?.[3] ?? "";
  } catch {
    return "";
  }
}
