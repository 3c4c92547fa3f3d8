/** One device type as a person reads it: link, points, what makes it safe, what watches it. */
import type { Command } from "commander";
import { type Condition, valuesOf } from "../../device/condition.js";
import type {
  Actuator,
  CommandStep,
  DeviceType,
  Point,
  Watchdog,
} from "../../device/device-type.js";
import { loadDeviceType } from "../../device/load.js";
import { feedsOf } from "../../device/watchdog.js";
import { fitted, json, table } from "../output.js";
import type { Shell } from "../shell.js";

export function addDeviceShow(device: Command, shell: Shell): void {
  device
    .command("show <type>")
    .description("one device type: link, points, commands, how it is made safe, evidence")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExamples:\n  wearout device show eastron/sdm630")
    .action(
      shell.action((type: string, options: { json?: boolean }) => show(shell, type, options)),
    );
}

function show(shell: Shell, name: string, options: { json?: boolean }): number {
  const type = loadDeviceType(name, shell.site().devices);
  const { print } = shell.out;
  if (options.json === true) print(json(type));
  else print(fitted(deviceTypeText(type)));
  return 0;
}

/** Lines for people. */
export function deviceTypeText(type: DeviceType): string {
  const points = Object.entries(type.points).map(([key, p]) => pointRow(key, p));
  return [
    ...head(type),
    table(["point", "table", "address", "as", "unit", "access", "written", "confidence"], points),
    ...section("commands", Object.entries(type.commands ?? {}).map(commandText)),
    ...section(
      "actuators",
      (type.actuators ?? []).flatMap((a) => actuatorText(a)),
    ),
    ...section("watchdog", watchdogText(type)),
    ...section("forbidden writes", (type.forbidden ?? []).map(forbiddenText)),
  ].join("\n");
}

function head(type: DeviceType): string[] {
  const link = Object.entries(type.link).map(([key, value]) => `${key} ${String(value)}`);
  const identity = type.identify.map(({ point, raw, rawRange }) => {
    return `${point} = ${rawRange === undefined ? raw : rawRange.join(" to ")}`;
  });
  const weak = type.identifyNote ?? type.identifyWeak;
  return [
    `${type.type}: ${type.maker} ${type.model}, ${type.title}`,
    ...type.source.map(({ document, page }) => `  source: ${document}${page ? `, ${page}` : ""}`),
    ...(type.caveats ?? []).map((caveat) => `  caveat: ${caveat}`),
    `  link: ${link.join(", ")}`,
    `  identity: ${identity.join(", ") || "none"}${weak === undefined ? "" : ` (${weak})`}`,
    ...(type.fingerprint === undefined ? [] : [`  fingerprint: ${type.fingerprint.join(", ")}`]),
    "",
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function pointRow(name: string, p: Point): string[] {
  const address = `0x${p.address.toString(16).toUpperCase().padStart(4, "0")}`;
  return [
    ...[name, p.table, address, encodingText(p), p.unit, p.access],
    ...[writtenText(p), p.confidence],
  ];
}

/** `u16 CDAB`, `u8 high`, `bit 3`, `u16 mask 0xFF0` */
function encodingText({ as, order, byte, bit, mask }: Point): string {
  const masked = mask === undefined ? undefined : `mask 0x${mask.toString(16).toUpperCase()}`;
  return [as, byte, bit, masked, order].filter((part) => part !== undefined).join(" ");
}

/** What a write costs, and how it is sent where that is not usual. */
function writtenText({ access, write }: Point): string {
  if (access === "read") return "";
  const by = write?.function === undefined ? undefined : `function ${write.function}`;
  const first = write?.readFirst === true ? "read first" : undefined;
  const eeprom = write?.persist === "eeprom" ? "EEPROM" : write?.persist;
  return [by, first, eeprom].filter((part) => part !== undefined).join(", ");
}

function commandText([name, steps]: [string, CommandStep[]]): string {
  return `${name}: ${steps.map(stepText).join(", then ")}`;
}

/** `remove: write operation = stop, expect stopped = 1 within 2 s` */
function stepText({ does = "remove", write, expect, within, wait }: CommandStep): string {
  const parts = [
    ...(write === undefined ? [] : [`write ${valuesText(write)}`]),
    ...(expect === undefined ? [] : [`expect ${valuesText(expect)}`]),
    ...(within === undefined ? [] : [`within ${within}`]),
    ...(wait === undefined ? [] : [`wait ${wait}`]),
  ];
  return `${does === "soften" ? "soften: " : ""}${parts.join(" ")}`;
}

function valuesText(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([point, value]) => `${point} = ${value}`)
    .join(", ");
}

function actuatorText({ point, prepare, start, safe, ...says }: Actuator): string[] {
  const { follows, acted, obeys, requires } = says;
  const way =
    safe === undefined ? "a plain output, which gets the rig's safe value" : `safe by ${safe}`;
  const started = start === undefined ? "" : `, started by ${start}`;
  const prepared = prepare === undefined ? "" : ` after ${prepare}`;
  return [
    `${point}: ${way}${started}${prepared}`,
    ...(follows === undefined
      ? []
      : [`  follows while ${follows.point} is ${follows.is.join(" or ")}`]),
    ...conditionLines("has acted when", acted),
    ...conditionLines("obeys the line while", obeys),
    ...conditionLines("needs before any write", requires),
  ];
}

function conditionLines(
  what: string,
  conditions: Readonly<Record<string, Condition>> | undefined,
): string[] {
  if (conditions === undefined) return [];
  const all = Object.entries(conditions).map(([point, condition]) => {
    if (typeof condition === "object" && "atMost" in condition) {
      return `${point} is at most ${condition.atMost} either way`;
    }
    return `${point} is ${valuesOf(condition).join(" or ")}`;
  });
  return [`  ${what} ${all.join(" and ")}`];
}

function watchdogText({ watchdog, noWatchdog, keepalive, reset }: DeviceType): string[] {
  const lines =
    watchdog === undefined
      ? [`none: ${noWatchdog ?? "nothing is said about one"}`]
      : watchdogLines(watchdog);
  return [
    ...lines,
    ...(keepalive === undefined
      ? []
      : [`kept alive by writing ${keepalive.write.join(", ")} every ${keepalive.every}`]),
    ...(reset === undefined ? [] : [`faults of its own are reset by ${reset}`]),
  ];
}

const feeding = {
  words: "only writes of",
  requests: "any request to this unit",
  frames: "any frame on the line",
};

function watchdogLines(watchdog: Watchdog): string[] {
  const { required, time, timeFrom, acts, shows, bootDelay, activeWhile, doesNotCover } = watchdog;
  const feeds = feedsOf(watchdog);
  const fedBy = feeds === "words" ? ` ${(watchdog.fedBy ?? []).join(", ")}` : "";
  const after = timeFrom === undefined ? time : `what ${timeFrom} says`;
  return [
    `acts after ${after ?? "a time that is set elsewhere"}${acts === undefined ? "" : `: ${acts}`}`,
    `fed by ${feeding[feeds]}${fedBy}`,
    `required: ${valuesText(required)}`,
    ...conditionLines("watches only while", activeWhile).map((line) => line.trim()),
    ...(shows === undefined ? [] : [`shows it by ${valuesText(shows)}`]),
    ...(bootDelay === undefined ? [] : [`does not watch for ${bootDelay} after power-up`]),
    `does not cover: ${doesNotCover}`,
  ];
}

function forbiddenText(entry: NonNullable<DeviceType["forbidden"]>[number]): string {
  const { table: name, address, last, values, why } = entry;
  const to = last === undefined ? "" : ` to 0x${last.toString(16).toUpperCase()}`;
  const what =
    values === undefined
      ? ""
      : ` = ${values.map((v) => `0x${v.toString(16).toUpperCase()}`).join(", ")}`;
  return `${name} 0x${address.toString(16).toUpperCase()}${to}${what}: ${why}`;
}
