import type { Command } from "commander";
import { Cancel, type Clock, RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { parseQuantity } from "../../base/quantity.js";
import { loadDeviceType } from "../../device/load.js";
import { keepRig } from "../../keeper/kept-rig.js";
import { type LineReport, LineWatch, reportOf } from "../../line/claim.js";
import type { Line } from "../../line/line.js";
import { addressOf, type LineSpec, openClaimedLine } from "../../line/open.js";
import { readablePoints, readBlocks } from "../device/read.js";
import { oneOf } from "../option.js";
import { openLines } from "../rig/rig-lines.js";
import { rigOf } from "../run/simulate.js";
import type { Shell } from "../shell.js";
import { onInterrupt } from "../signal.js";
import { addLineOptions, type LineOptions, lineSpec, timingOf, unitOf } from "./options.js";
import { frameLines, reportLines } from "./report.js";
import { lineSpecOf } from "./spec.js";

type MonitorOptions = LineOptions & {
  type?: string;
  line?: string;
  frames?: boolean;
  every: string;
  for?: string;
};

export function addLineMonitor(line: Command, shell: Shell): void {
  const monitor = line
    .command("monitor [rig]")
    .description("counters, utilisation, stop latency and last frames of lines, until Ctrl-C");
  addLineOptions(monitor, "of --type")
    .option("--type <device type>", "of the device when no rig is named")
    .option("--line <name>", "of the rig (default: all its lines)")
    .option("--frames", "every frame with time and verdict")
    .option("--every <time>", "between two looks", "1 s")
    .option("--for <time>", "end by itself, as 10 s")
    .option("--json", "a line of JSON for each look and line")
    .addHelpText(
      "after",
      `
Where a run works with the line this only looks: the run tells its counters. Where nobody does, the
monitor reads what the rig reads in its cycle (or all points of --type), and never writes.

Examples:
  wearout line monitor bearing-four
  wearout line monitor bearing-four --line drives --frames --for "10 s"
  wearout line monitor --tcp 127.0.0.1:1502 --unit 5 --type eastron/sdm630`,
    )
    .action(
      shell.action((rig: string | undefined, options: MonitorOptions) =>
        monitorLines(shell, rig, options),
      ),
    );
}

/** Something that can tell of one line. */
type Source = { report(known: number): Promise<LineReport | undefined>; close(): Promise<void> };

async function monitorLines(
  shell: Shell,
  rig: string | undefined,
  options: MonitorOptions,
): Promise<number> {
  const everyMs = timeOf("--every", options.every);
  const forMs = options.for === undefined ? Number.POSITIVE_INFINITY : timeOf("--for", options.for);
  const clock = new RealClock();
  const ended = new Cancel();
  const stopListening = onInterrupt(() => ended.cancel());
  const sources =
    rig === undefined
      ? await deviceSources(shell, options, clock, ended)
      : await rigSources(shell, rig, options, clock, ended);
  const until = clock.elapsed() + forMs;
  try {
    const view = new View(shell, options);
    while (!ended.cancelled) {
      if (!(await view.look(sources))) return 0;
      const leftMs = until - clock.elapsed();
      if (leftMs <= 0) return 0;
      await clock.sleep(Math.min(everyMs, leftMs), ended);
    }
    return 0;
  } finally {
    ended.cancel();
    stopListening();
    await Promise.all(sources.map((source) => source.close()));
  }
}

function timeOf(option: string, text: string): number {
  const quantity = parseQuantity(text);
  if (quantity?.dimension === "time" && quantity.value > 0) return quantity.value;
  throw new WearoutError("USAGE", `${option}: found "${text}", expected a time such as 2 s`);
}

class View {
  readonly #shell: Shell;
  readonly #options: MonitorOptions;
  readonly #before = new Map<Source, LineReport>();
  readonly #known = new Map<Source, number>();
  #drawn = 0;

  constructor(shell: Shell, options: MonitorOptions) {
    this.#shell = shell;
    this.#options = options;
  }

  /** False when no line can be looked at any more. */
  async look(sources: readonly Source[]): Promise<boolean> {
    const lines: string[] = [];
    let open = 0;
    for (const source of sources) {
      const known = this.#options.frames === true ? (this.#known.get(source) ?? 0) : 0;
      const now = await source.report(known);
      if (now === undefined) continue;
      open++;
      lines.push(...this.#linesOf(source, now, known));
      this.#before.set(source, now);
      this.#known.set(source, now.frames.at(-1)?.n ?? known);
    }
    if (open === 0)
      this.#shell.out.talk("nobody tells of these lines any more: given up, or their holder hangs");
    else await this.#draw(lines);
    return open > 0;
  }

  #linesOf(source: Source, now: LineReport, known: number): string[] {
    if (this.#options.json === true) return [JSON.stringify(now)];
    if (this.#options.frames === true) return frameLines(now, known);
    return [...reportLines(now, this.#before.get(source)), ""];
  }

  /** On a terminal the tables stay in place. */
  async #draw(lines: readonly string[]): Promise<void> {
    const inPlace =
      this.#shell.out.isTerminal && this.#options.frames !== true && this.#options.json !== true;
    const back = inPlace && this.#drawn > 0 ? `\u001B[${this.#drawn}A\u001B[J` : "";
    this.#drawn = lines.length;
    if (lines.length > 0) await this.#shell.out.write(`${back}${lines.join("\n")}\n`);
  }
}

function watching(watch: LineWatch): Source {
  return { report: (known) => watch.report(known), close: async () => watch.close() };
}

function owning(line: Line, spec: LineSpec, clock: Clock): Source {
  const address = addressOf(spec);
  const report = async (known: number) =>
    reportOf(line, address, "read by this monitor", clock.elapsed(), known);
  return { report, close: () => line.close() };
}

async function rigSources(
  shell: Shell,
  name: string,
  options: MonitorOptions,
  clock: Clock,
  ended: Cancel,
): Promise<Source[]> {
  const loaded = rigOf(name, shell.site());
  const all = Object.keys(loaded.rig.lines);
  const wanted = options.line === undefined ? all : [oneOf("--line", options.line, all)];
  const watches = await Promise.all(
    wanted.map((l) => LineWatch.open(lineSpecOf(loaded, l), clock)),
  );
  const held = watches.filter((watch) => watch !== undefined);
  if (held.length > 0) return held.map(watching);
  const lines = await openLines(loaded, clock, "line monitor");
  const rig = keepRig(loaded, lines, clock, false);
  const read = async () => {
    for (let cycle = 0; !ended.cancelled; cycle++) {
      await rig.sample(cycle);
      await clock.sleep(rig.cycleMs, ended);
    }
  };
  void read();
  return wanted.map((l) => owning(lines.get(l)!, lineSpecOf(loaded, l), clock));
}

async function deviceSources(
  shell: Shell,
  options: MonitorOptions,
  clock: Clock,
  ended: Cancel,
): Promise<Source[]> {
  if (options.type === undefined) {
    throw new WearoutError("USAGE", "say what to monitor: a rig, or an address and --type TYPE");
  }
  const type = loadDeviceType(options.type, shell.site().devices);
  const spec = lineSpec(options, type.link);
  const unit = unitOf(options, spec, type.link);
  const timing = timingOf(options, type.link);
  const watch = await LineWatch.open(spec, clock);
  if (watch !== undefined) return [watching(watch)];
  const line = await openClaimedLine("", spec, clock, "line monitor");
  const read = async () => {
    while (!ended.cancelled) {
      await readBlocks(type, readablePoints(type), (request) =>
        line.exchange(unit, request, timing, "fast"),
      );
      await clock.sleep(1000, ended);
    }
  };
  void read();
  return [owning(line, spec, clock)];
}
