import type { Command } from "commander";
import { RealClock } from "../base/clock.js";
import { recordsRoot } from "../record/folder.js";
import { type DemoRig, openDemoRig } from "./demo-rig.js";
import { faultList, faultsByLine, injectedText } from "./fault.js";
import { glossary } from "./glossary.js";
import { safeAtDefect, type TellDefect } from "./last-resort.js";
import { Leaving } from "./leaving.js";
import { LiveView } from "./live-view.js";
import { collect, wholeNumber } from "./option.js";
import { driveUnheard } from "./output.js";
import { plainObserver } from "./plain-view.js";
import { summaryLines } from "./run-words.js";
import type { Shell } from "./shell.js";
import { rigOf } from "./simulate.js";

const foot = {
  keys: [
    "Ctrl-C: take the rigs down, make them safe, end (again: safe at once)",
    `unacknowledged: ${glossary.unacknowledged}`,
  ],
  prompt: false,
};

type DemoOptions = { seed: string; records?: string; fault: string[] };

/** What the lab consists of: rig, profile, specimens, and how much faster than real its plant wears. */
const lab = [
  {
    rig: "bearing-four",
    profile: "demo-bearing",
    specimens: ["demo-a", "demo-b", "demo-c", "demo-d"],
    plant: { wear: 4000, "spall-growth": 0.4 },
  },
  {
    rig: "harmonic-one",
    profile: "demo-harmonic",
    specimens: ["demo-gear"],
    plant: { wear: 1000 },
  },
];

export function addDemo(program: Command, shell: Shell): void {
  program
    .command("demo")
    .description(
      "a SIMULATED lab: two rigs behind real Modbus lines, one profile each, a failure within minutes",
    )
    .option("--seed <n>", "of the simulated plants; another seed, another life", "7")
    .option(
      "--records <dir>",
      "folder of the records (default: $WEAROUT_HOME, else the user's data folder)",
    )
    .option(
      "--fault <[line:]name=value>",
      "what goes wrong on the simulated lines of this name (all, without one), see below",
      collect,
      [],
    )
    .addHelpText(
      "after",
      `
The devices are served over loopback TCP and, where a pseudo-terminal can be had, over a serial line; the
controller connects to them as it would to hardware. Wear is accelerated in the simulated plants, nothing
else. Ctrl-C takes the rigs down and makes them safe before it ends.

Examples:
  wearout demo
  wearout demo --fault crc=2% --fault late=1%
  wearout demo --fault sensors:dropout=0.0005 --fault sensors:dropout-ms=4000
${faultList}`,
    )
    .action(shell.action((options: DemoOptions) => demo(shell, options)));
}

async function demo(shell: Shell, options: DemoOptions): Promise<number> {
  const seed = wholeNumber("--seed", options.seed, 0, 2 ** 31 - 1);
  const root = recordsRoot(options.records, shell.env);
  const clock = new RealClock();
  const { out } = shell;
  const site = shell.site();
  const faults = faultsByLine(
    options.fault,
    lab.flatMap(({ rig }) => Object.keys(rigOf(rig, site).rig.lines)),
  );
  const injected = [...faults].flatMap(([line, f]) => {
    const text = injectedText(f);
    return text === "" ? [] : [`line ${line}: ${text}`];
  });
  const view = out.isTerminal ? new LiveView(clock, foot, injected) : undefined;
  let isOpen = false;
  const say = (text: string) => {
    if (view === undefined || !isOpen) out.talk(text);
    else view.note(text);
  };
  const rigs: DemoRig[] = [];
  const leaving = new Leaving(say);
  out.talk("SIMULATED lab: no hardware is touched.");
  for (const text of injected) out.talk(`  ${text}`);
  const stops: (() => void)[] = [];
  try {
    for (const spec of lab) {
      if (leaving.asked !== undefined) break;
      const rig = await openDemoRig(spec, { seed, root, clock, site, faults });
      const { columns } = rig.loaded;
      const plain = () => plainObserver(out, columns, clock, 10_000, `${spec.rig}  `);
      rig.test.watch(view?.observer(rig) ?? plain());
      rigs.push(rig);
      stops.push(safeAtDefect(rig.rig, { talk: say }, tellTo(rig)));
      for (const line of rig.served) out.talk(`  ${spec.rig}: ${line}`);
    }
    view?.start();
    isOpen = true;
    return await runAll(shell, rigs, view, leaving);
  } catch (error) {
    await Promise.allSettled(rigs.map(({ test }) => test.close()));
    throw error;
  } finally {
    view?.close();
    for (const stop of stops) stop();
    for (const rig of rigs) await rig.close();
    leaving.close();
  }
}

/** The record of a demo is nobody's evidence: its end is not waited for. */
function tellTo({ test }: DemoRig): TellDefect {
  return async (text) => test.pilot.command("abort", "wearout", text);
}

/** Runs every rig to its end; a failure of a specimen is what the demo is for, so that is success. */
async function runAll(
  shell: Shell,
  rigs: readonly DemoRig[],
  view: LiveView | undefined,
  leaving: Leaving,
): Promise<number> {
  for (const { test } of rigs) leaving.attach(test.pilot, true);
  const stopDriving = driveUnheard();
  try {
    const summaries = await Promise.all(rigs.map(({ test }) => test.run()));
    view?.close();
    for (const summary of summaries) {
      for (const line of summaryLines(summary)) shell.out.print(line);
    }
    const aborted = summaries.some((s) => s.state === "Aborted");
    return aborted ? 7 : 0;
  } finally {
    stopDriving();
  }
}
