import type { Command } from "commander";
import { type Clock, RealClock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { checkedSentence } from "../base/name.js";
import { headOf, refuseKept, refuseSuspects } from "../lab/comeback.js";
import { endRun, foldRun } from "../lab/end-run.js";
import { keptRun } from "../lab/kept-run.js";
import { LifeTest, type Placed } from "../lab/life-test.js";
import { refuseToGoOn } from "../lab/open-run.js";
import { namingTheRig } from "../lab/rig-behind.js";
import type { Line } from "../line/line.js";
import type { Disposition } from "../record/document/input.js";
import type { RunHeader } from "../record/document/run.js";
import { recordsRoot } from "../record/folder.js";
import { listRuns, openRecord } from "../record/reader.js";
import type { LoadedRig } from "../rig/load.js";
import { dispositionExample, parseDisposition } from "../run/disposition.js";
import { isNotBegun } from "../run/end-open.js";
import { exitCodeOf } from "../run/exit-code.js";
import { VirtualClock } from "../sim/virtual-clock.js";
import { stayAfterTrip } from "./keep-on.js";
import { keepOpen } from "./keep-rig.js";
import { resumeWhereKept } from "./kept/live-run.js";
import { withLeaving } from "./leaving.js";
import { openRig, refuseStrangers } from "./open-rig.js";
import { collect } from "./option.js";
import { json } from "./output.js";
import { stateHelp } from "./plan-execute.js";
import { bringBack, lastWallOf } from "./plant-again.js";
import { openLines } from "./rig-lines.js";
import { ofThisMachine, runHere, tripped, virtualMachine } from "./run-here.js";
import { endingTime } from "./run-stop.js";
import { summaryLines } from "./run-words.js";
import { endedEarly, planStoreOf, type SafeFirst, safeFirstOfRun } from "./safe-first.js";
import type { Shell } from "./shell.js";
import { signature } from "./signature.js";
import { benchOf, simulatedLines } from "./simulate.js";
import { changesOfSite } from "./site-now.js";

type ResumeOptions = {
  yes?: boolean;
  disposition: string[];
  by?: string;
  virtual?: boolean;
  token?: string;
  saw?: string;
  records?: string;
  state?: string;
  json?: boolean;
};

export function addResume(run: Command, shell: Shell, recordsHelp: string): void {
  run
    .command("resume <id>")
    .description("go on with a run that was interrupted: trip, abort, Ctrl-C, crash, power cut")
    .option("--yes", "rig and specimens were looked at: go on where a person would be waited for")
    .option("--disposition <station=...>", dispositionHelp, collect, [])
    .option("--by <name>", "who says so (default: the user and this machine)")
    .option(
      "--virtual",
      "SIMULATED runs only: in virtual time, its plant brought back to where it was",
    )
    .option("--token <digits>", "shown at the terminal of who keeps the rig")
    .option(
      "--saw <revision>",
      "of the state that was looked at (rig status), of a run that is kept",
    )
    .option("--records <dir>", recordsHelp)
    .option("--state <dir>", stateHelp)
    .option("--json", "the summary as JSON")
    .addHelpText("after", help)
    .action(shell.action((id: string, options: ResumeOptions) => resume(shell, id, options)));
}

const dispositionHelp = `what was found at a station after a trip there, as "${dispositionExample}"`;

const help = `
The rig is made safe first. Then the chain of the record is verified, the run is folded from it, and the time
without a controller is booked: at least nothing, at most what the rig could have done. It then waits, held,
until a person types resume; --yes says that rig and specimens were looked at. Where nobody can type, a run is
left as it is, with the rig safe, until --yes. A station that a trip was on is suspect and needs its own signed
word (--disposition STATION=KIND DECISION: TEXT; kind: outage, outside, equipment, sensor, specimen; decision:
continue, failed, withdrawn); --yes never counts as one. A run that had not begun ends.
A run that a process keeps goes on there: the verb is sent to it, with the digits that its terminal shows.
It goes on with the rig, profile, product and device-type texts kept with the run; what the site's files say
otherwise by now is told and changes nothing.

Examples:
  wearout run list --outcome interrupted
  wearout run resume bearing-four-3
  wearout run resume bearing-four-3 --yes
  wearout run resume bearing-four-3 --yes --disposition "${dispositionExample}" --by mei
  wearout run resume bearing-four-1 --virtual --yes

Exit status: as of run start; 5 when the run was left as it is, 3 when its record is damaged.`;

async function resume(shell: Shell, id: string, options: ResumeOptions): Promise<number> {
  const root = recordsRoot(options.records, shell.env);
  let first: SafeFirst = { found: "none", interrupted: false };
  if (options.virtual !== true) {
    const kept = await resumeWhereKept(shell, id, { ...options, recordsRoot: root });
    if (kept !== undefined) return kept;
    refuseSaw(id, options);
    first = await safeFirstOfRun(shell, id, options.state);
    if (first.interrupted) return endedEarly(shell);
  }
  return namingTheRig(root, id, () => goOnWith(shell, root, id, options, first));
}

/** A state that a keeper showed has ended with it. */
function refuseSaw(id: string, { saw }: ResumeOptions): void {
  if (saw === undefined) return;
  const text = `--saw ${saw}: no process keeps run ${id} any more; look again: wearout run show ${id}`;
  throw new WearoutError("STATE_REFUSED", text);
}

async function goOnWith(
  shell: Shell,
  root: string,
  id: string,
  options: ResumeOptions,
  first: SafeFirst,
): Promise<number> {
  refuseKept(root, id);
  const header = headOf(root, id);
  checkTime(header, options.virtual === true);
  const dispositions = dispositionsOf(options);
  const folded = foldRun(root, id);
  if (isNotBegun(folded) || folded.outcome !== null) return endAtOnce(shell, root, header, options);
  refuseSuspects(header, folded, dispositions);
  refuseToGoOn(header, listRuns(root));
  for (const change of changesOfSite(header.files, shell.site)) shell.out.talk(change);
  const { told, ...kept } = keptRun(header);
  for (const text of told) shell.out.talk(text);
  const { parameters, simulated, seed, plant } = header;
  const person = {
    confirmed: options.yes === true,
    isThere: !simulated && process.stdin.isTTY === true,
    dispositions,
  };
  const store = simulated ? undefined : planStoreOf(shell, kept.loaded, options.state);
  return withLeaving(shell.out, async (leaving) => {
    const { loaded, placed } = kept;
    const { clock, lines } = await linesAgain(root, header, loaded, placed);
    const rig = await openRig({ loaded, lines, clock, simulated, store, first });
    const open = await keepOpen(shell, {
      rig,
      loaded,
      clock,
      simulated,
      state: options.state,
      store,
    });
    try {
      await refuseStrangers(rig);
      open.keeper.open();
      const machine = simulated ? virtualMachine : ofThisMachine(shell);
      const facts = { parameters, simulated, seed, clock, recordsRoot: root };
      const behind = plant === undefined ? {} : { plant };
      const spec = { ...kept, keeper: open.keeper, ...facts, ...behind, ...machine };
      const test = await LifeTest.reopen(spec, id, person);
      const here = { kept: open, loaded, clock, store };
      const status = await runHere(shell, test, here, options, leaving);
      if (status === tripped && store !== undefined) {
        await stayAfterTrip(shell, { ...here, store }, leaving, { run: id, records: root });
      }
      return status;
    } finally {
      await open.close();
    }
  });
}

function dispositionsOf({ disposition, by }: ResumeOptions): Disposition[] {
  const sentences = disposition.map((text) => checkedSentence("--disposition", text));
  const said = sentences.map((text) => parseDisposition(text, signature(by)));
  const twice = said.find(({ station }, i) => said.findIndex((s) => s.station === station) !== i);
  if (twice === undefined) return said;
  throw new WearoutError("USAGE", `--disposition: ${twice.station} is given twice`);
}

/** Its controller died before anything moved, or between its last event and its summary. */
async function endAtOnce(
  shell: Shell,
  root: string,
  { id, simulated }: RunHeader,
  options: ResumeOptions,
): Promise<number> {
  const reason = "ended as never begun";
  const ending = { recordsRoot: root, id, by: signature(options.by), reason };
  const { summary, state } = await endRun({ ...ending, ...endingTime(shell, root, id, simulated) });
  shell.out.talk(`run ${id} ${state.reason}`);
  if (options.json === true) shell.out.print(json(summary));
  else for (const line of summaryLines(summary)) shell.out.print(line);
  return exitCodeOf(state);
}

function checkTime({ id, simulated }: RunHeader, virtual: boolean): void {
  if (simulated === virtual) return;
  const text = simulated
    ? `run ${id} is SIMULATED and its plant ended with its process: --virtual brings it back`
    : `run ${id} is of a real rig: --virtual is for simulated ones`;
  throw new WearoutError("USAGE", text);
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
