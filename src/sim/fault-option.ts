/** Faults as people write them: `--fault crc=0.02 --fault dropout=0.001 --fault dropout-ms=8000`. */
import { WearoutError } from "../base/error.js";
import { suggest } from "../base/schema.js";
import { type Faults, noFaults } from "./fault.js";

type Numeric = Exclude<keyof Faults, "deadUnits">;
type FaultOption = { field: Numeric; on: "both" | "serial" | "tcp"; does: string };

/** Every fault by the name people give it; the help, the page and the checks come from here. */
export const faultOptions: Readonly<Record<string, FaultOption>> = {
  timeout: { field: "timeoutShare", on: "both", does: "the request never reaches the device" },
  late: { field: "lateShare", on: "both", does: "carried out, answered late-ms later" },
  "late-ms": { field: "lateMs", on: "both", does: "how much later a late answer comes" },
  "slow-ms": { field: "slowMs", on: "both", does: "every answer comes this much later" },
  crc: { field: "crcShare", on: "serial", does: "the answer's CRC does not fit" },
  "noise-before": { field: "noiseBeforeShare", on: "serial", does: "noise before the answer" },
  "noise-inside": { field: "noiseInsideShare", on: "serial", does: "noise inside the answer" },
  "wrong-unit": { field: "wrongUnitShare", on: "both", does: "the answer names another unit" },
  echo: { field: "echoShare", on: "both", does: "a write is confirmed for another one" },
  "byte-count": { field: "byteCountShare", on: "both", does: "a read's answer has another length" },
  split: { field: "splitShare", on: "both", does: "the answer comes in three pieces" },
  "split-ms": { field: "splitMs", on: "both", does: "pause between the pieces" },
  merged: { field: "mergedShare", on: "both", does: "held back, comes with the next answer" },
  exception: { field: "exceptionShare", on: "both", does: "refused with exception-code" },
  "exception-code": { field: "exceptionCode", on: "both", does: "the code of that refusal" },
  busy: { field: "busyShare", on: "both", does: "answers exception 6 for busy-ms" },
  "busy-ms": { field: "busyMs", on: "both", does: "how long it is busy" },
  stuck: { field: "stuckShare", on: "both", does: "measured values stand still for stuck-ms" },
  "stuck-ms": { field: "stuckMs", on: "both", does: "how long they stand still" },
  dropout: { field: "dropoutShare", on: "both", does: "the device is silent for dropout-ms" },
  "dropout-ms": { field: "dropoutMs", on: "both", does: "how long it is silent" },
  unplug: { field: "unplugShare", on: "both", does: "the line is gone for unplug-ms" },
  "unplug-ms": { field: "unplugMs", on: "both", does: "how long it is gone" },
  reset: { field: "resetShare", on: "tcp", does: "the connection is reset (RST)" },
  "half-open": {
    field: "halfOpenShare",
    on: "tcp",
    does: "the connection is never answered again",
  },
  "wrong-id": { field: "wrongIdShare", on: "tcp", does: "the answer has the next transaction id" },
  "wrap-id": { field: "wrapIdShare", on: "tcp", does: "its id is right in the low byte only" },
  "bad-length": { field: "badLengthShare", on: "tcp", does: "its header announces 60 000 bytes" },
};

/** `name=value` pairs on top of no faults, on a carrier of that kind; throws `USAGE` that names what would be right. */
export function faultsFrom(
  pairs: readonly (readonly [string, string])[],
  carrier?: "serial" | "tcp",
): Faults {
  const faults: Faults = { ...noFaults };
  for (const [name, text] of pairs) {
    const option = faultOptions[name];
    if (option === undefined) {
      const expected = suggest(name, Object.keys(faultOptions));
      throw new WearoutError("USAGE", `--fault: unknown fault "${name}", expected ${expected}`);
    }
    if (carrier !== undefined && option.on !== "both" && option.on !== carrier) {
      const where = option.on === "serial" ? "a serial line" : "TCP";
      throw new WearoutError("USAGE", `--fault ${name}: found on ${carrier}, expected on ${where}`);
    }
    faults[option.field] = numberOf(name, option.field, text);
  }
  const shares = Object.entries(faults).filter(([field]) => field.endsWith("Share"));
  const all = shares.reduce((sum, [, share]) => sum + Number(share), 0);
  if (all > 1 + 1e-9) {
    const text = `--fault: the shares add up to ${all}, expected at most 1: they exclude each other`;
    throw new WearoutError("USAGE", text);
  }
  return faults;
}

function numberOf(name: string, field: Numeric, text: string): number {
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text.trim() || Number.NaN) : Number(percent) / 100;
  const share = field.endsWith("Share");
  const code = field === "exceptionCode";
  const most = share ? 1 : code ? 255 : 3_600_000;
  const whole = !code || Number.isInteger(value);
  const fits = value >= (code ? 1 : 0) && value <= most && whole;
  if (fits && (share || percent === undefined)) return value;
  const expected = share
    ? "a share of exchanges from 0 to 1, as 0.05 or 5 %"
    : code
      ? "a code from 1 to 255"
      : "milliseconds from 0 to 3600000";
  throw new WearoutError("USAGE", `--fault ${name}: found "${text}", expected ${expected}`);
}

/** What of these faults differs from none, as people would write it: `crc=0.02 late-ms=300`. */
export function faultWords(faults: Faults): string {
  return Object.entries(faultOptions)
    .filter(([, { field }]) => faults[field] !== noFaults[field])
    .map(([name, { field }]) => `${name}=${faults[field]}`)
    .join(" ");
}

/** The list for `--help`. */
export function faultHelp(): string {
  return Object.entries(faultOptions)
    .map(([name, { field, on, does }]) => {
      const stands = noFaults[field] === 0 ? "" : `, else ${noFaults[field]}`;
      return `  ${name.padEnd(15)} ${does}${on === "both" ? "" : ` (${on} only)`}${stands}`;
    })
    .join("\n");
}
