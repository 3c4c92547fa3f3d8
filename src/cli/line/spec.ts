import type { LineSpec, SerialFormat } from "../../line/open.js";
import type { LoadedRig } from "../../rig/load.js";
import type { LineFile } from "../../rig/rig-file.js";
import { milliseconds } from "./options.js";

/** Where a rig's line is; what the file leaves open comes from the first device on it. */
export function lineSpecOf({ rig, devices }: LoadedRig, name: string): LineSpec {
  const line = rig.lines[name];
  const connect = connectOf(line);
  if (line?.tcp !== undefined && line.framing === undefined) {
    const { tolerate } = line;
    return { tcp: line.tcp, ...connect, ...(tolerate === undefined ? {} : { tolerate }) };
  }
  const link = [...devices.values()].find((d) => d.line === name)?.type.link;
  const format: SerialFormat = line?.format ?? link?.format ?? "8N1";
  const echo = line?.localEcho === undefined ? {} : { localEcho: line.localEcho };
  const wire = { baud: line?.baud ?? link?.baud ?? 9600, format, ...echo };
  if (line?.tcp !== undefined) return { rtuTcp: line.tcp, ...wire, ...connect };
  const serial = { serial: line?.serial ?? "", ...wire };
  return line?.framing === "ascii" ? { ...serial, framing: "ascii" } : serial;
}

function connectOf(line: LineFile | undefined): { pauseAfterConnectMs?: number } {
  const pauseAfterConnectMs = milliseconds(line?.pauseAfterConnect);
  return pauseAfterConnectMs === undefined ? {} : { pauseAfterConnectMs };
}
