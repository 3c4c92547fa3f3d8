import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { RealClock } from "../../base/clock.js";
import { WearoutError } from "../../base/error.js";
import { LineWatch } from "../../line/claim.js";
import type { Machine } from "../../line/machine.js";
import { groupOf, listPorts, type PortFacts } from "../../line/ports.js";
import { recordsRoot } from "../../record/folder.js";
import { json } from "../output.js";
import type { Shell } from "../shell.js";
import * as check from "./doctor-check.js";
import { checkClock, checkSleep } from "./doctor-state.js";
import type { Host } from "./host.js";

type DoctorOptions = { records?: string; json?: boolean };

export function addDoctor(program: Command, shell: Shell): void {
  program
    .command("doctor")
    .description("is this machine fit to run a rig? each finding with its evidence and exact fix")
    .option(
      "--records <dir>",
      "folder of the records (default: $WEAROUT_HOME, else the user's data folder)",
    )
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Looks only; changes nothing and opens no port. What cannot be read is unknown, never ok.
Ends with 5 when something is to be fixed, with 0 otherwise; unknown alone is 0.

Examples:
  wearout doctor
  wearout doctor --records /srv/records
  wearout doctor --json | jq '.findings[] | select(.status != "ok")'`,
    )
    .action(shell.action((options: DoctorOptions) => doctor(shell, options)));
}

async function doctor({ out, env, host }: Shell, options: DoctorOptions): Promise<number> {
  const records = resolve(recordsRoot(options.records, env));
  const findings = examine(host, records, env["UV_THREADPOOL_SIZE"]);
  findings.push(...(await heardOnLines(host)));
  const count = (status: check.Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  const fit = count("fix") === 0;
  if (options.json === true) out.print(json({ fit, findings }));
  else {
    for (const finding of findings) out.print(findingText(finding));
    out.talk(`${count("ok")} ok, ${count("fix")} to fix, ${count("unknown")} unknown`);
  }
  return fit ? 0 : 5;
}

/** Everything a rig needs of the machine, in the order a person would set it up. */
export function examine(host: Host, records: string, threads: string | undefined): check.Finding[] {
  const { ports } = listPorts(host);
  const existing = existingFolder(host, records);
  const findings = [
    check.checkNode(host.nodeVersion),
    check.checkSqlite(sqlite(host)),
    check.checkThreads(threads, ports.length),
    ...(ports.length === 0 ? [check.noPort()] : []),
    ...ports.flatMap((port) => [accessFinding(host, port), check.checkLatency(port)]),
    check.checkDirection(ports),
    checkClock(host, host.wall()),
    checkSleep(host),
    check.checkRecords(records, existing, host.mayUse(existing)),
    check.checkDisk(existing, host.freeBytes(existing)),
  ];
  return findings.filter((finding) => finding !== undefined);
}

/** Asks whoever has a line claimed, for a rig or a test of it. */
export async function heardOnLines(machine: Machine): Promise<check.Finding[]> {
  const findings: check.Finding[] = [];
  for (const watch of await LineWatch.all(machine, new RealClock())) {
    const report = await watch.report(Number.MAX_SAFE_INTEGER);
    watch.close();
    if (report === undefined) continue;
    findings.push(...check.checkHeard(report.address, report.holder, report.statistics));
  }
  return findings;
}

function sqlite(host: Host): { version: string } | { problem: string } {
  try {
    return { version: host.sqliteVersion() };
  } catch (error) {
    if (error instanceof WearoutError) return { problem: error.message };
    throw error;
  }
}

function accessFinding(host: Host, port: PortFacts): check.Finding {
  const { uid, gids } = host.user;
  const users = (host.text("/etc/passwd") ?? "").split("\n").map((line) => line.split(":"));
  const name = users.find((fields) => fields[2] === String(uid))?.[0];
  const members = groupOf(host, port.access?.gid ?? 0)?.members ?? [];
  return check.checkAccess(port, { name, gids }, members);
}

/** The nearest folder that is there already: what is to be made below it will be on its disk. */
function existingFolder(host: Host, folder: string): string {
  const above = dirname(folder);
  const found = above === folder || host.stat(folder) !== undefined;
  return found ? folder : existingFolder(host, above);
}

function findingText({ subject, status, evidence, fix }: check.Finding): string {
  const lines = fix === undefined ? [] : fix.split("\n").map((line) => `         > ${line}`);
  return [`${status.padEnd(8)} ${subject}: ${evidence}`, ...lines].join("\n");
}
