import type { Command } from "commander";
import { type Clock, RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { keepRig } from "../keeper/kept-rig.js";
import { headOf, refuseOtherFiles } from "../lab/comeback.js";
import { keptFiles } from "../lab/header.js";
import { LifeTest, type Placed } from "../lab/life-test.js";
import type { Line } from "../line/line.js";
import { recordsRoot } from "../record/folder.js";
import { openRecord } from "../record/reader.js";
import type { RunHeader } from "../record/record.js";
import type { LoadedRig } from "../rig/load.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { profileOf, programOf } from "./compose.js";
import { bringBack, lastWallOf } from "./plant-again.js";
import { productOf } from "./product.js";
import { openLines } from "./rig-lines.js";
import { openAndRun, refuseStrangers } from "./run-start.js";
import type { Shell } from "./shell.js";
import { benchOf, rigOf, simulatedLines } from "./simulate.js";
import type { Site } from "./site.js";

type ResumeOptions = {
  yes?: boolean;
  virtual?: boolean;
  rig?: string;
  profile?: string;
  records?: string;
  json?: boolean;
};

export function addResume(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("resume <id>")
    .description("go on with a run whose controller died: crash, kill, power cut")
    .option("--yes", "rig and specimens were looked at: go on where a person would be waited for")
    .option(
      "--virtual",
      "SIMULATED runs only: in virtual time, its plant brought back to where it was",
    )
    .option("--rig <file>", "rig file, when the site has none of that name")
    .option("--profile <file>", "profile, when the site has none of that name")
    .option("--records <dir>", recordsHelp)
    .option("--json", "the summary as JSON")
    .addHelpText("after", help)
    .action(shell.action((id: string, options: ResumeOptions) => resume(shell, id, options)));
}

const help = `
The rig is made safe first. Then the chain of the record is verified, the run is folded from it, and the time
without a controller is booked: at least nothing, at most what the rig could have done. The profile's
"interruption" says what follows: hold (a person types resume), resume, or end. A rig that was not seen at
rest, or more than three interruptions within an hour, always wait for a person. Where nobody can type, such
a run is left as it is, with the rig safe, until --yes says that somebody has looked.
Rig, profile, product and device-type files must be the very texts the run began with.

Examples:
  wearout run list --outcome interrupted
  wearout run resume bearing-four-3
  wearout run resume bearing-four-3 --yes
  wearout run resume bearing-four-1 --virtual --yes

Exit status: as of run start; 5 when the run was left as it is, 3 when its record is damaged.`;

async function resume(shell: Shell, id: string, options: ResumeOptions): Promise<number> {
  const site = shell.site();
  const root = recordsRoot(options.records, shell.env);
  const header = headOf(root, id);
  checkTime(header, options.virtual === true);
  const loaded = rigOf(options.rig ?? header.rig, site);
  const profile = profileOf(options.profile ?? header.profile, site);
  const placed = placedAgain(header, site);
  refuseOtherFiles(header, keptFiles({ loaded, profile, placed }));
  const { parameters, simulated, seed, plant } = header;
  const products = placed.map((p) => p.product);
  const program = programOf(profile, products, loaded, parameters);
  const { clock, lines } = await linesAgain(root, header, loaded, placed);
  const rig = keepRig(loaded, lines, clock, simulated);
  const parts = { loaded, rig, profile, program, placed, parameters, simulated, seed, clock };
  const person = {
    confirmed: options.yes === true,
    isThere: !simulated && process.stdin.isTTY === true,
  };
  try {
    await refuseStrangers(rig);
    return await openAndRun(
      shell,
      { ...parts, ...(plant === undefined ? {} : { plant }), recordsRoot: root },
      (spec) => LifeTest.reopen(spec, id, person),
      options,
    );
  } finally {
    await rig.close();
  }
}

function checkTime({ id, simulated }: RunHeader, virtual: boolean): void {
  if (simulated === virtual) return;
  const text = simulated
    ? `run ${id} is SIMULATED and its plant ended with its process: --virtual brings it back`
    : `run ${id} is of a real rig: --virtual is for simulated ones`;
  throw new WearoutError("USAGE", text);
}

function placedAgain({ specimens }: RunHeader, site: Site): Placed[] {
  return specimens.map(({ product: name, ...place }) => {
    const { product, text } = productOf(name, site);
    return { ...place, product, productText: text };
  });
}

async function linesAgain(
  root: string,
  header: RunHeader,
  loaded: LoadedRig,
  placed: readonly Placed[],
): Promise<{ clock: Clock; lines: Map<string, Line> }> {
  if (!header.simulated) {
    const clock = new RealClock();
    return { clock, lines: await openLines(loaded, clock, `rig ${loaded.rig.rig}`) };
  }
  const reader = openRecord(root, header.id);
  try {
    const clock = new VirtualClock(lastWallOf(reader));
    const bench = benchOf(loaded, placed, clock, header.seed ?? 1, header.plant);
    bringBack(bench.plant, reader);
    return { clock, lines: simulatedLines(loaded, bench, clock) };
  } finally {
    reader.close();
  }
}
