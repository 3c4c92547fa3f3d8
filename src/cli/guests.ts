/** Runs that come to a rig and go while this process keeps it. */
import type { Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { checkedSentence } from "../base/name.js";
import type { PlanStore } from "../keeper/plan-store.js";
import { headOf, refuseKept, refuseSuspects } from "../lab/comeback.js";
import { foldRun } from "../lab/end-run.js";
import { keptRun } from "../lab/kept-run.js";
import { LifeTest, type LifeTestSpec } from "../lab/life-test.js";
import { refuseToGoOn } from "../lab/open-run.js";
import { canonicalJson } from "../record/canonical.js";
import type { Verb } from "../record/document/input.js";
import { listRuns } from "../record/reader.js";
import type { LoadedRig } from "../rig/load.js";
import { parseDisposition } from "../run/disposition.js";
import type { Guest, Guests } from "../verb/guests.js";
import type { ResumeInput, StartInput } from "../verb/run.js";
import { composeTest } from "./compose.js";
import type { Kept } from "./keep-rig.js";
import { refuseStrangers } from "./open-rig.js";
import { ofThisMachine } from "./run-here.js";
import { openText, summaryLines } from "./run-words.js";
import type { Shell } from "./shell.js";
import { tellWrongClock } from "./wrong-clock.js";

export type GuestParts = { kept: Kept; loaded: LoadedRig; clock: Clock; store: PlanStore };

/** A run, and the folder that its record is under. */
export type RunPlace = { run: string; records: string };

export class RigGuests implements Guests {
  readonly #shell: Shell;
  readonly #parts: GuestParts;
  #last: RunPlace | undefined;
  #test: LifeTest | undefined;
  #over: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(shell: Shell, parts: GuestParts, last?: RunPlace) {
    this.#shell = shell;
    this.#parts = parts;
    this.#last = last;
  }

  /** The run that is or was on the rig last. */
  get last(): RunPlace | undefined {
    return this.#last;
  }

  /** The run that is on the rig. */
  get test(): LifeTest | undefined {
    return this.#test;
  }

  /** Settles when the run that is on the rig has left it. */
  get over(): Promise<void> {
    return this.#over;
  }

  /** From here on no run comes, one that is just being opened included. */
  close(): void {
    this.#isClosed = true;
  }

  /** To the run that is on the rig. */
  command(verb: Verb, by: string, reason = ""): void {
    this.#test?.pilot.command(verb, by, reason);
  }

  /** Told of the run, or at this terminal where there is none. */
  fault(text: string): void {
    if (this.#test === undefined) this.#shell.out.talk(text);
    else this.#test.pilot.fault(text);
  }

  abandon(by: string, reason: string): void {
    this.#test?.pilot.abandon(by, reason);
  }

  /** Into the record of the run; resolves when it has left. */
  defect(text: string): Promise<void> {
    this.command("abort", "wearout", text);
    return this.#over;
  }

  async start(words: StartInput): Promise<Guest> {
    const { loaded } = this.#parts;
    const where = { loaded, site: this.#shell.site(), recordsRoot: words.records };
    const told: string[] = [];
    const test = composeTest(words, { ...where, simulated: false }, (text) => told.push(text));
    tellWrongClock(this.#shell);
    await refuseStrangers(this.#parts.kept.keeper.rig);
    const { records } = words;
    this.#refuseClosed();
    return this.#take(await LifeTest.open(this.#specOf(test, records)), records, told);
  }

  async resume(words: ResumeInput & { run: string }, by: string): Promise<Guest> {
    const { run, records, yes = false } = words;
    if (records === undefined) throw new WearoutError("USAGE", `run ${run} is not on the rig`);
    refuseKept(records, run);
    const header = headOf(records, run);
    const { rig } = this.#parts.loaded.rig;
    if (header.rig !== rig || header.simulated) {
      const whose = header.simulated ? "is SIMULATED" : `is of the rig ${header.rig}`;
      throw new WearoutError("STATE_REFUSED", `run ${run} ${whose}; here ${rig} is kept`);
    }
    const sentences = (words.dispositions ?? []).map((s) => checkedSentence("--disposition", s));
    const dispositions = sentences.map((text) => parseDisposition(text, words.by ?? by));
    refuseSuspects(header, foldRun(records, run), dispositions);
    refuseToGoOn(header, listRuns(records));
    const { told, ...test } = keptRun(header);
    refuseOtherRig(test.loaded, this.#parts.loaded, run);
    await refuseStrangers(this.#parts.kept.keeper.rig);
    this.#refuseClosed();
    const person = { confirmed: yes, isThere: true, dispositions };
    const spec = this.#specOf({ ...test, parameters: header.parameters }, records);
    return this.#take(await LifeTest.reopen(spec, run, person), records, told);
  }

  #specOf(
    test: Pick<LifeTestSpec, "loaded" | "profile" | "program" | "placed" | "parameters">,
    recordsRoot: string,
  ): LifeTestSpec {
    const { kept, clock } = this.#parts;
    return {
      ...test,
      ...ofThisMachine(this.#shell),
      ...{ keeper: kept.keeper, clock, recordsRoot, simulated: false, seed: undefined },
    };
  }

  #refuseClosed(): void {
    if (!this.#isClosed) return;
    throw new WearoutError("STATE_REFUSED", `${this.#parts.loaded.rig.rig} is being let go`);
  }

  async #take(test: LifeTest, records: string, told: readonly string[]): Promise<Guest> {
    const { keeper, desk } = this.#parts.kept;
    if (this.#isClosed) await test.close();
    this.#refuseClosed();
    test.watch((_state, _sample, events) => desk?.observe(events));
    this.#test = test;
    this.#last = { run: test.header.id, records };
    desk?.board(test);
    // What came while files were read is the run's to hear first: nothing is started then.
    const { state, reason } = keeper.state;
    if (state !== "Idle") test.pilot.command("abort", "wearout", reason);
    this.#over = this.#run(test).finally(() => {
      this.#test = undefined;
      desk?.board(undefined);
    });
    const { id } = test.header;
    return { run: id, text: [`run ${id} in ${test.folder}`, ...told].join("; ") };
  }

  async #run(test: LifeTest): Promise<void> {
    const { out } = this.#shell;
    try {
      const summary = await test.run();
      for (const line of summaryLines(summary)) out.talk(line);
      if (test.state.outcome === null) out.talk(openText(summary));
    } catch (error) {
      // Every actuator has acted by now, and the rig stays kept.
      out.talk(`run ${test.header.id} could not go on: ${(error as Error).message}`);
    }
  }
}

/** A run goes on with the rig as it was kept with it: who keeps another one can neither watch nor drive it. */
function refuseOtherRig(of: LoadedRig, kept: LoadedRig, run: string): void {
  if (keptTexts(of) === keptTexts(kept)) return;
  const way = `wearout rig release ${kept.rig.rig}, then go on with the run: it brings its own`;
  throw new WearoutError(
    "STATE_REFUSED",
    `run ${run} was begun with other files of the rig than are kept; ${way}`,
  );
}

/** All that a rig is bound from. */
function keptTexts({ text, given, typeTexts }: LoadedRig): string {
  return canonicalJson({ text, given, types: Object.fromEntries(typeTexts) });
}
