import type { Command } from "commander";
import { safeTexts } from "../../rig/actuator.js";
import { listRigs } from "../../rig/load.js";
import type { RigFile } from "../../rig/rig-file.js";
import { json, table } from "../output.js";
import { rigOf } from "../run/simulate.js";
import type { Shell } from "../shell.js";

export function addList(rig: Command, shell: Shell): void {
  rig
    .command("list")
    .description("the rigs of this site")
    .option("--json", "as JSON")
    .action(shell.action((options: { json?: boolean }) => list(shell, options)));
}

export function addShow(rig: Command, shell: Shell): void {
  rig
    .command("show <rig>")
    .description("one rig, by name or file: lines, devices, roles, actuators, limits")
    .option("--json", "as JSON")
    .action(
      shell.action((name: string, options: { json?: boolean }) => show(shell, name, options)),
    );
}

function list(shell: Shell, options: { json?: boolean }): number {
  const site = shell.site();
  const rigs = listRigs(site.rigs).map(({ file }) => rigOf(file, site).rig);
  const heads = rigs.map(({ rig, title, for: kinds, stations, simulation }) => ({
    rig,
    title,
    for: kinds,
    stations: Object.keys(stations),
    simulation: simulation?.plant ?? null,
  }));
  if (options.json === true) shell.out.print(json(heads));
  else {
    const rows = heads.map((r) => [r.rig, r.for.join(", "), String(r.stations.length), r.title]);
    shell.out.print(table(["rig", "for", "stations", "title"], rows));
  }
  return 0;
}

function show(shell: Shell, name: string, options: { json?: boolean }): number {
  const { rig, columns } = rigOf(name, shell.site());
  if (options.json === true) {
    shell.out.print(json(rig));
    return 0;
  }
  const { print } = shell.out;
  print(`${rig.rig}: ${rig.title}`);
  print(`  for ${rig.for.join(", ")}; one cycle every ${rig.cycle}`);
  print(
    `\n${table(
      ["line", "where"],
      Object.entries(rig.lines).map(([n, l]) => [n, whereOf(l)]),
    )}`,
  );
  const devices = Object.entries(rig.devices).map(([n, d]) => [n, d.type, d.line, String(d.unit)]);
  print(`\n${table(["device", "type", "line", "unit"], devices)}`);
  const roles = columns.map((c) => [
    c.name,
    c.unit,
    c.says.read ?? derived(c.says),
    c.says.write ?? "",
  ]);
  print(`\n${table(["role", "unit", "read", "write"], roles)}`);
  const actuators = Object.entries(rig.actuators).map(([role, a]) => {
    return [role, a.floor ?? "0", a.ceiling, a.ramp, safeTexts(a).trip, String(a.safeOrder)];
  });
  print(`\n${table(["actuator", "floor", "ceiling", "ramp", "safe", "safe order"], actuators)}`);
  print(`\n${limitTable(rig)}`);
  return 0;
}

function whereOf(line: RigFile["lines"][string]): string {
  const { serial, tcp, framing, baud, format = "" } = line;
  const wire = baud === undefined ? "" : `, ${baud} ${format}`.trimEnd();
  if (serial !== undefined) return `serial ${serial}${wire}`;
  return framing === undefined ? `tcp ${tcp}${wire}` : `rtu over tcp ${tcp}${wire}`;
}

function derived(says: { derive?: { by: string; of: string[] } }): string {
  return says.derive === undefined ? "" : `${says.derive.by} of ${says.derive.of.join(", ")}`;
}

function limitTable(rig: RigFile): string {
  const rows = rig.limits.map((l) => [
    l.name,
    l.role,
    conditionOf(l),
    l.for ?? "at once",
    l.reaction,
  ]);
  return table(["limit", "role", "condition", "for", "reaction"], rows);
}

/** `above 90 degC`, as it was written. */
export function conditionOf(limit: RigFile["limits"][number]): string {
  const { above, below, outside, differsFromSetpoint, stale } = limit;
  const show = (w: unknown) => (typeof w === "string" ? w : JSON.stringify(w));
  if (above !== undefined) return `above ${show(above)}`;
  if (below !== undefined) return `below ${show(below)}`;
  if (outside !== undefined) return `outside ${outside.map(show).join(" to ")}`;
  if (differsFromSetpoint !== undefined) return `${show(differsFromSetpoint)} from setpoint`;
  return `stale for ${stale ?? "?"}`;
}
