import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import type { PointCodec } from "../../device/codec.js";
import { pointValue } from "../../device/command.js";
import type { DeviceType } from "../../device/device-type.js";
import { loadDeviceType } from "../../device/load.js";
import { valueWords } from "../../device/value-words.js";
import { addLineOptions } from "../line/options.js";
import { collect } from "../option.js";
import { json, wrapped } from "../output.js";
import type { Shell } from "../shell.js";
import { identify, mustBeOfType, type Verdict } from "./identify.js";
import {
  codecsOf,
  type DeviceOptions,
  factorFor,
  failIfSilent,
  type PointWords,
  pointWords,
  readablePoints,
  readBlocks,
  withUnit,
} from "./read.js";

/** One thing looked at on a unit: what was found, what is wanted, and what follows. */
export type Item = {
  item: string;
  found: string;
  wanted: string;
  verdict: "ok" | "not ok" | "unknown";
};

type CheckOptions = DeviceOptions & { online?: boolean };

export function addDeviceCheck(device: Command, shell: Shell): void {
  const check = device
    .command("check <type>")
    .description(
      "a real unit against its type: identity, what unattended running requires, quality",
    );
  addLineOptions(check, "the type's")
    .option("--online", "look at the unit; without it the file alone is checked")
    .option("--parameter <name=quantity>", "of the type, as full-scale=100Nm", collect, [])
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Reads only. Ends with 4 when nothing answers or the identity is wrong, with 5 when the unit answers but
is not fit for unattended running (its watchdog is not set as the type requires, or it says itself that
a value is bad); the table says which item, what was found and what would be right.

Examples:
  wearout device check delta/asda-a2 --online --serial /dev/serial/by-id/usb-x --unit 1
  wearout device check abb/acs580 --online --tcp 127.0.0.1:1502 --unit 1 --json`,
    )
    .action(shell.action((name: string, options: CheckOptions) => checkUnit(shell, name, options)));
}

function checkUnit(shell: Shell, name: string, options: CheckOptions): Promise<number> | number {
  const type = loadDeviceType(name, shell.site().devices);
  if (options.online !== true) {
    const text = `${type.type}: the file has no problem; --online looks at a unit`;
    shell.out.print(options.json === true ? json({ type: type.type, items: [] }) : text);
    return 0;
  }
  const { codecs, missing } = codecsOf(type, options);
  return withUnit(options, type, async (read, unit) => {
    const clock = new RealClock();
    const begun = clock.elapsed();
    const identity = await identify(type, read);
    const tookMs = clock.elapsed() - begun;
    const blocks = await readBlocks(type, readablePoints(type), read);
    failIfSilent(blocks, unit);
    const points = pointWords(type, codecs, blocks);
    const items: Item[] = [
      identityItem(identity, tookMs),
      ...watchdogItems(type, points, codecs),
      ...qualityItems(type, points, codecs),
    ];
    show(shell, type, unit, items, options);
    if (identity.is === "weak" || identity.is === "unknown") {
      shell.out.talk(`\nidentity: ${identity.detail}`);
    }
    for (const parameter of missing) {
      shell.out.talk(`values that need it are unknown without --parameter ${parameter}=...`);
    }
    mustBeOfType(identity, unit, name);
    const wrong = items.filter(({ verdict }) => verdict === "not ok");
    if (wrong.length === 0) return 0;
    const said = wrong.map(({ item }) => item).join(", ");
    throw new WearoutError("STATE_REFUSED", `unit ${unit} is not fit to run unattended: ${said}`);
  });
}

function identityItem({ is, detail }: Verdict, tookMs: number): Item {
  const inMs = `, answered in ${Math.round(tookMs)} ms`;
  const found: Record<Verdict["is"], string> = {
    right: `passed${inMs}`,
    weak: `passed, which only makes it plausible${inMs}`,
    wrong: detail,
    silent: detail,
    unknown: "the type has no check",
  };
  const verdict = is === "right" ? "ok" : is === "weak" || is === "unknown" ? "unknown" : "not ok";
  return { item: "identity", found: found[is], wanted: "the type's check passes", verdict };
}

/** What unattended running requires, each register with what it holds. */
export function watchdogItems(
  type: DeviceType,
  points: readonly PointWords[],
  codecs: ReadonlyMap<string, PointCodec>,
): Item[] {
  const { watchdog, noWatchdog, actuators = [] } = type;
  if (watchdog === undefined) {
    const moves = actuators.length > 0;
    const found = noWatchdog ?? "the type says nothing of one";
    const wanted = moves ? "something else that stops it" : "none: it drives nothing";
    return [{ item: "watchdog", found, wanted, verdict: moves ? "unknown" : "ok" }];
  }
  return Object.entries(watchdog.required).map(([name, value]) => {
    const found = pointText(points, codecs, name);
    const right = found.value === pointValue(type, name, value);
    const verdict = Number.isNaN(found.value) ? "unknown" : right ? "ok" : "not ok";
    const said = type.points[name] ?? { unit: "1" };
    const wanted = valueWords(said, pointValue(type, name, value));
    return { item: `watchdog: ${name}`, found: found.text, wanted, verdict };
  });
}

/** Points that have no good value, by the device's own sign, its bits or our reading. */
function qualityItems(
  type: DeviceType,
  points: readonly PointWords[],
  codecs: ReadonlyMap<string, PointCodec>,
): Item[] {
  const bad = points.flatMap(({ name }): Item[] => {
    const why = badness(type, points, codecs, name);
    if (why === undefined) return [];
    return [{ item: `value: ${name}`, found: why, wanted: "a good value", verdict: "not ok" }];
  });
  if (bad.length > 0) return bad;
  const found = `${points.length} points, all good`;
  return [{ item: "values", found, wanted: "no value bad or missing", verdict: "ok" }];
}

function badness(
  type: DeviceType,
  points: readonly PointWords[],
  codecs: ReadonlyMap<string, PointCodec>,
  name: string,
): string | undefined {
  const read = points.find((p) => p.name === name);
  const codec = codecs.get(name);
  const point = type.points[name];
  if (read === undefined || codec === undefined || point === undefined) return undefined;
  if ("fault" in read) return read.fault;
  const set = setBits(type, points, codecs, name);
  if (set.length > 0) return `${point.badWhen?.point} says ${set.join(", ")}`;
  if (point.as === "ascii") return undefined;
  // A value that needs a parameter nobody gave is unknown, not bad.
  if (point.times !== undefined) return undefined;
  const { quality } = codec.decode(read.words, 0, factorFor(codec, codecs, points));
  if (quality === "good") return undefined;
  return quality === "sentinel" ? "the device's own sign for no value" : "words without a meaning";
}

/** Names of the bits that make the point's value bad and are set now. */
function setBits(
  type: DeviceType,
  points: readonly PointWords[],
  codecs: ReadonlyMap<string, PointCodec>,
  name: string,
): string[] {
  const bad = type.points[name]?.badWhen;
  const source = points.find((p) => p.name === bad?.point);
  if (bad === undefined || source === undefined || !("words" in source)) return [];
  const raw = BigInt(codecs.get(bad.point)?.raw(source.words, 0) ?? 0);
  const bits = type.points[bad.point]?.bits ?? {};
  return bad.bits.filter((bit) => ((raw >> BigInt(bits[bit] ?? 0)) & 1n) === 1n);
}

/** A point's value in its unit and in words; NaN where it was not read. */
export function pointText(
  points: readonly PointWords[],
  codecs: ReadonlyMap<string, PointCodec>,
  name: string,
): { value: number; text: string } {
  const read = points.find((p) => p.name === name);
  const codec = codecs.get(name);
  if (read === undefined || codec === undefined) return { value: Number.NaN, text: "not read" };
  if ("fault" in read) return { value: Number.NaN, text: read.fault };
  const value = codec.decodeValue(read.words, 0, factorFor(codec, codecs, points));
  if (Number.isNaN(value)) return { value, text: "no value" };
  return { value, text: valueWords(codec.point, value) };
}

function show(
  shell: Shell,
  { type }: DeviceType,
  unit: number,
  items: readonly Item[],
  options: CheckOptions,
): void {
  if (options.json === true) {
    shell.out.print(json({ type, unit, items }));
    return;
  }
  for (const { item, found, wanted, verdict } of items) {
    const word = (verdict === "not ok" ? "NOT OK" : verdict).padEnd(7);
    const wish = verdict === "ok" ? "" : `; wanted: ${wanted}`;
    for (const line of wrapped(`${word}  ${item}: ${found}${wish}`, screen, "")) {
      shell.out.print(line);
    }
  }
}

/** So wide is every terminal. */
const screen = 80;
