import type { Command } from "commander";
import { formatDuration, formatNumber, formatQuantity } from "../base/quantity.js";
import { placeOf, setpointAt } from "../base/setpoint.js";
import { rigFacts, rigShape } from "../lab/facts.js";
import type { ResolvedLimit } from "../limit/compiled.js";
import { latencyMs } from "../limit/latency.js";
import { programOf } from "../profile/compile.js";
import { damageRate } from "../profile/life.js";
import { listProfiles } from "../profile/load.js";
import type { Program } from "../profile/program.js";
import { type PlanRow, planProgram, planTotal } from "../profile/timeline.js";
import type { LoadedRig } from "../rig/load.js";
import { assignments, collect } from "./option.js";
import { json, table } from "./output.js";
import { productOf } from "./product.js";
import { profileOf } from "./run/compose.js";
import { rigOf } from "./run/simulate.js";
import type { Shell } from "./shell.js";

type PlanOptions = { rig?: string; product?: string; set: string[]; json?: boolean };

export function addProfile(program: Command, shell: Shell): void {
  const profile = program.command("profile").description("stress profiles");
  profile
    .command("list")
    .description("the profiles of this site")
    .option("--json", "as JSON")
    .action(shell.action((options: { json?: boolean }) => list(shell, options)));
  profile
    .command("show <profile>")
    .description("one profile's file as data")
    .action(
      shell.action((name: string) => {
        shell.out.print(json(profileOf(name, shell.site()).value));
        return 0;
      }),
    );
  profile
    .command("plan <profile>")
    .description("dry run: timeline, setpoints, limits in force, length, turns; nothing moves")
    .option("--rig <rig>", "for this rig: its ramps, ceilings and limits too")
    .option("--product <product>", "for this product (default: the profile's example)")
    .option("--set <name=value>", "parameter of the profile, as load=4kN", collect, [])
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout profile plan bearing-constant-load
  wearout profile plan bearing-constant-load --rig bearing-four --set "load=20 % of C"`,
    )
    .action(shell.action((name: string, options: PlanOptions) => plan(shell, name, options)));
}

function list(shell: Shell, options: { json?: boolean }): number {
  const site = shell.site();
  const profiles = listProfiles(site.profiles).map(({ file }) => profileOf(file, site).value);
  const heads = profiles.map(({ profile, title, for: kinds, product }) => ({
    profile,
    title,
    for: kinds,
    product,
  }));
  if (options.json === true) shell.out.print(json(heads));
  else {
    const rows = heads.map((p) => [p.profile, p.for.join(", "), p.title]);
    shell.out.print(table(["profile", "for", "title"], rows));
  }
  return 0;
}

function plan(shell: Shell, name: string, options: PlanOptions): number {
  const site = shell.site();
  const parsed = profileOf(name, site);
  const { product } = productOf(options.product ?? parsed.value.product, site);
  const loaded = options.rig === undefined ? undefined : rigOf(options.rig, site);
  const given = Object.fromEntries(assignments("--set", options.set));
  const rig = loaded === undefined ? {} : { rig: rigFacts(loaded) };
  const program = programOf(parsed, { products: [product], parameters: given, ...rig });
  const rows = planProgram(program, {
    ...rolesOf(program, loaded),
    damageRate: damageRate(product),
  });
  const units = parsed.value.roles;
  if (options.json === true) shell.out.print(json(planJson(program, rows)));
  else {
    shell.out.print(`${parsed.value.profile}: ${parsed.value.title}`);
    shell.out.print(
      `for ${product.product}${loaded === undefined ? "" : ` on ${loaded.rig.rig}`}\n`,
    );
    shell.out.print(planTable(program, rows, units));
    shell.out.print(`\n${totals(program, rows)}`);
    const cycleMs = loaded === undefined ? undefined : rigShape(loaded).cycleMs;
    for (const line of limitLegend(program, rows, cycleMs)) shell.out.print(line);
    const always = [...new Set((loaded?.limits ?? []).map((l) => limitWords(l, cycleMs)))];
    if (always.length > 0) shell.out.print(`limits of the rig, always: ${always.join(", ")}`);
  }
  return 0;
}

/** Without a rig the turning and the loading role are told by their units. */
function rolesOf(program: Program, loaded: LoadedRig | undefined) {
  if (loaded !== undefined) {
    return { speedRole: loaded.rig.exposure.speed, loadRole: loaded.rig.exposure.load };
  }
  const speedRole = program.setpointRoles.find((role) => role.includes("speed"));
  const loadRole = program.setpointRoles.find((role) => role !== speedRole);
  return {
    ...(speedRole === undefined ? {} : { speedRole }),
    ...(loadRole === undefined ? {} : { loadRole }),
  };
}

/** More rows than a person reads are cut in the middle; JSON has all of them. */
const mostRows = 60;

function planTable(
  program: Program,
  rows: readonly PlanRow[],
  units: Record<string, string>,
): string {
  const head = ["#", "start", "length", "step", ...program.setpointRoles, "limits"];
  const cells = (row: PlanRow) => [
    String(row.index + 1),
    formatDuration(row.startMs),
    `${row.atMost ? "at most " : ""}${formatDuration(row.lengthMs)}`,
    `${row.kind} ${row.name}`,
    ...program.setpointRoles.map((role) => {
      const setpoint = setpointAt(row.setpoints, placeOf(program.setpointRoles, role));
      return formatQuantity(setpoint, units[role] ?? "1");
    }),
    letters(rows, row),
  ];
  if (rows.length <= mostRows) return table(head, rows.map(cells));
  const shown = [...rows.slice(0, mostRows - 10).map(cells), ["…"], ...rows.slice(-9).map(cells)];
  return table(head, shown);
}

/** Steps that share their limits share a letter; `limitLegend` says what it stands for. */
function limitSets(rows: readonly PlanRow[]): string[] {
  return [...new Set(rows.map((row) => row.limits.join(", ")))];
}

function letters(rows: readonly PlanRow[], row: PlanRow): string {
  return String.fromCharCode(65 + limitSets(rows).indexOf(row.limits.join(", ")));
}

function limitLegend(program: Program, rows: readonly PlanRow[], cycleMs?: number): string[] {
  const words = new Map(program.limits.map((limit) => [limit.name, limitWords(limit, cycleMs)]));
  return limitSets(rows).map((set, i) => {
    const said = set.split(", ").map((name) => words.get(name) ?? name);
    return `limits ${String.fromCharCode(65 + i)}: ${set === "" ? "none" : said.join(", ")}`;
  });
}

/** `spalled (fail, found within 11 s)`: on a rig, whose cycle is known, how late at most (docs/limits.md). */
function limitWords(limit: ResolvedLimit, cycleMs: number | undefined): string {
  const { name, reaction } = limit;
  if (cycleMs === undefined) return `${name} (${reaction})`;
  return `${name} (${reaction}, found within ${formatDuration(latencyMs(limit, cycleMs))})`;
}

function totals(program: Program, rows: readonly PlanRow[]): string {
  const { lengthMs, turns, damage } = planTotal(rows);
  const { failures, suddenDeath } = program.end;
  const ends = [
    suddenDeath ? "each group ends at its first failure" : undefined,
    failures === undefined
      ? undefined
      : `ends after ${failures} ${failures === 1 ? "failure" : "failures"}`,
  ].filter((e) => e !== undefined);
  const share = `${formatNumber(damage * 100)} % of the rated L10 life`;
  const length = `${formatDuration(lengthMs)} when nothing fails, ${formatNumber(turns / 1e6)} Mturns, ${share}`;
  return [length, ...ends].join("; ");
}

function planJson(program: Program, rows: readonly PlanRow[]) {
  return {
    profile: program.name,
    setpointRoles: program.setpointRoles,
    total: planTotal(rows),
    end: program.end,
    steps: rows.map((row) => ({ ...row, setpoints: Array.from(row.setpoints) })),
  };
}
