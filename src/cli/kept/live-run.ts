/** `run stop` and `run resume` of a run that a process keeps: the verb is sent there. */
import { resolve } from "node:path";
import { formatHours } from "../../base/quantity.js";
import { parseDisposition } from "../../run/disposition.js";
import type { RunNow } from "../../verb/picture.js";
import type { Shell } from "../shell.js";
import { signature } from "../signature.js";
import { type AskOptions, askAndTell, confirmed } from "./ask.js";
import { type Meant, meantIfKept } from "./keeper.js";
import type { KeptOptions } from "./places.js";
import { given } from "./send.js";

type Options = AskOptions & KeptOptions & { reason?: string; by?: string };

/** The run that is meant, with who keeps it; undefined when nobody does, or its rig has another guest. */
async function keptRunOf(shell: Shell, name: string, options: KeptOptions) {
  const meant = await meantIfKept(shell, name, options);
  if (meant === undefined) return undefined;
  const { run, revision } = await meant.keeper.picture();
  if (meant.run !== undefined && run?.id !== meant.run) return undefined;
  return { meant, run, revision };
}

/** The exit status; undefined when nobody keeps the run. Without `--yes` the stake is named and asked for. */
export async function stopWhereKept(
  shell: Shell,
  name: string,
  options: Options & { yes?: boolean },
): Promise<number | undefined> {
  const kept = await keptRunOf(shell, name, options);
  if (kept === undefined) return undefined;
  const { meant, run, revision } = kept;
  if (options.yes !== true && run !== null) {
    await confirmed(stakeOf(run), `wearout run stop ${name}`);
  }
  const { keeper } = meant;
  const { reason, by } = options;
  const why = reason ?? (by === undefined ? undefined : `stopped by ${signature(by)}`);
  const args = given({ run: meant.run, reason: why });
  // Bound to what was seen before the question was answered.
  return askAndTell(shell, keeper, "run stop", args, { saw: String(revision), ...options });
}

/** `run bearing-four-3: this ends 312 h of 4 specimens as censored` */
function stakeOf({ id, stations, exposure }: RunNow): string {
  const alive = stations.filter(({ outcome }) => outcome === "running");
  const whose = alive.length === 1 ? "1 specimen" : `${alive.length} specimens`;
  const doubt = stations.flatMap(({ station, suspect }) =>
    suspect === null ? [] : [`${station} (${suspect})`],
  );
  const withdrawn =
    doubt.length === 0 ? "" : `, and withdraws what is suspect: ${doubt.join(", ")}`;
  const hours = formatHours(exposure.timeOnTestMs[0]);
  return `run ${id}: this ends ${hours} of ${whose} as censored${withdrawn}`;
}

/** The exit status; undefined when nobody keeps the run. A run is put down by its id or by its rig's name. */
export async function parkWhereKept(
  shell: Shell,
  name: string,
  said: { reason: string; by: string; mounted: readonly string[] },
  options: AskOptions & KeptOptions,
): Promise<number | undefined> {
  const kept = await keptRunOf(shell, name, options);
  if (kept === undefined) return undefined;
  const { meant, revision } = kept;
  const args = given({ run: meant.run, ...said });
  return askAndTell(shell, meant.keeper, "run park", args, { saw: String(revision), ...options });
}

type ResumeOptions = Options & {
  disposition: readonly string[];
  yes?: boolean;
  /** Where its record is. */
  recordsRoot: string;
};

/**
 * The exit status; undefined when nobody keeps its rig, or its rig has another guest. A run that is not on its kept rig
 * comes back to it; of one that is, dispositions go first, each as a verb of its own.
 */
export async function resumeWhereKept(
  shell: Shell,
  name: string,
  options: ResumeOptions,
): Promise<number | undefined> {
  const meant = await meantIfKept(shell, name, options);
  if (meant === undefined) return undefined;
  const { run } = await meant.keeper.picture();
  if (run === null) return bringBack(shell, { ...meant, run: name }, options);
  if (meant.run !== undefined && run.id !== meant.run) return undefined;
  // What was seen is what the first of them is bound to: each of them changes it.
  const { saw, ...others } = options;
  let bound: AskOptions = saw === undefined ? {} : { saw };
  for (const text of options.disposition) {
    const status = await dispose(shell, meant, text, { ...others, ...bound });
    if (status !== 0) return status;
    bound = {};
  }
  const args = given({ run: meant.run, reason: options.reason });
  return askAndTell(shell, meant.keeper, "run resume", args, { ...others, ...bound });
}

function bringBack(shell: Shell, { keeper, run }: Meant, options: ResumeOptions): Promise<number> {
  const { reason, yes, disposition, recordsRoot } = options;
  const by = signature(options.by);
  const records = resolve(recordsRoot);
  const args = given({ run, reason, yes, dispositions: disposition, by, records });
  return askAndTell(shell, keeper, "run resume", args, options);
}

function dispose(shell: Shell, { keeper, run }: Meant, text: string, options: Options) {
  const word = parseDisposition(text, signature(options.by));
  const args = given({ run, ...word });
  return askAndTell(shell, keeper, "run dispose", args, { ...options, json: false });
}
