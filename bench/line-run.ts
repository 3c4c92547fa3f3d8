/** Puts a master on a fresh paced line, gives it one job, and brings both their reports. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Job, Master } from "./line-master.js";
import type { PacedMessage, PacedReport, PacedSpec } from "./paced-line.js";

export async function runMaster<Result>(
  name: Master,
  spec: PacedSpec,
  job: Job,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ result: Result; report: PacedReport }> {
  return onPacedLine(spec, async (path) => {
    const master = start("line-master", [name, path, String(spec.baud), spec.format], environment);
    await said(master);
    return () => {
      master.send(job);
      return said<Result>(master);
    };
  });
}

/** `prepare` puts a master on the line's path; what it gives back is then the job that is reported. */
export async function onPacedLine<Result>(
  { baud, format, looks = "spinning" }: PacedSpec,
  prepare: (path: string) => Promise<() => Promise<Result>>,
): Promise<{ result: Result; report: PacedReport }> {
  // Helper threads of its garbage collection have no higher priority: it would wait for them.
  const alone = ["--single-threaded"];
  const paced = start("paced-line", [String(baud), format, looks], {}, alone);
  const { path } = await said<{ path: string }>(paced);
  const work = await prepare(path);
  paced.send("report");
  await said(paced);
  const result = await work();
  paced.send("report");
  const { report } = await said<PacedMessage & { report: PacedReport }>(paced);
  paced.disconnect();
  await once(paced, "exit");
  return { result, report };
}

function start(
  file: string,
  words: string[],
  environment: NodeJS.ProcessEnv,
  execArgv: string[] = [],
): ChildProcess {
  const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url));
  return fork(path, words, { env: { ...process.env, ...environment }, execArgv });
}

async function said<T>(child: ChildProcess): Promise<T> {
  return ((await once(child, "message")) as [T])[0];
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
