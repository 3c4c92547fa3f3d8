import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Command } from "commander";
import { formatProblem, type Problem, WearoutError } from "../base/error.js";
import { judgeParts } from "../base/judge.js";
import { deviceTypeWarnings } from "../device/check-warning.js";
import { readDeviceType } from "../device/load.js";
import { loadProfile } from "../profile/load.js";
import { readProduct } from "../profile/load-product.js";
import { rigWarnings } from "../rig/check/warning.js";
import { readRig } from "../rig/load.js";
import { plural } from "./life/data.js";
import { json } from "./output.js";
import { inOrder, profileProblems } from "./problems.js";
import { rigProblems } from "./run/simulate.js";
import type { Shell } from "./shell.js";
import { type Site, yamlFiles } from "./site.js";

type FileKind = "device-type" | "rig" | "profile" | "product";

export function addCheck(program: Command, shell: Shell): void {
  program
    .command("check [files...]")
    .description(
      "check device types, rigs, profiles and products: form and meaning (default: all of the site)",
    )
    .option("--json", "the problems as JSON")
    .addHelpText(
      "after",
      `
Examples:
  wearout check                            everything in this site's folders
  wearout check rigs/my-rig.yaml           one file; its kind follows from its folder or its first key`,
    )
    .action(
      shell.action((files: string[], options: { json?: boolean }) => check(shell, files, options)),
    );
}

function check(shell: Shell, paths: string[], options: { json?: boolean }): number {
  const site = shell.site();
  const all = [...site.devices, ...site.rigs, ...site.profiles, ...site.products];
  const wanted = paths.length > 0 ? paths : all;
  for (const path of wanted) {
    if (!existsSync(path))
      throw new WearoutError("FILE_UNREADABLE", `${path}: no such file or folder`);
  }
  const files = [...new Set(wanted.flatMap(yamlFiles))];
  const unread = paths.length > 0 ? [] : unreadIn(shell.siteFolder());
  const problems = inOrder([...files.flatMap((file) => problemsOf(file, site)), ...unread]);
  if (options.json === true) shell.out.print(json({ files: files.length, problems }));
  else
    for (const problem of problems)
      shell.out.print(formatProblem({ ...problem, file: near(problem.file) }));
  const warnings = problems.filter(({ severity }) => severity === "warning").length;
  const errors = problems.length - warnings;
  const warned = warnings === 0 ? "" : `, ${plural(warnings, "warning")}`;
  const whose = paths.length > 0 ? "" : whoseText(files, shell.siteFolder());
  const checked = `${plural(files.length, "file")} checked${whose}`;
  shell.out.talk(`${checked}, ${plural(errors, "problem")}${warned}`);
  return errors === 0 ? 0 : 3;
}

/** ` (3 of the site S, the others are shipped)` */
function whoseText(files: readonly string[], folder: string): string {
  const own = files.filter((file) => file.startsWith(`${realpathSync(folder)}${sep}`)).length;
  return own === files.length ? "" : ` (${own} of the site ${folder}, the others are shipped)`;
}

/** What stands in a site as if it were a part of it, and is never read. */
function unreadIn(folder: string): Problem[] {
  const at = (name: string, found: string, expected: string): Problem => ({
    ...{ file: join(folder, name), line: 1, column: 1, field: "", found, expected },
    severity: "warning",
  });
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    if (!entry.isDirectory()) return [];
    if (folderKinds[name] === undefined) {
      const meant = Object.keys(folderKinds).find((kind) => kind === `${name.toLowerCase()}s`);
      return meant === undefined
        ? []
        : [at(name, "a folder that is not read", `the name ${meant}`)];
    }
    const files = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" });
    const others = files.filter((file) => /\.(yml|YAML|YML|json)$/.test(file));
    return others.map((file) =>
      at(join(name, file), "a file that is not read", "a name that ends in .yaml"),
    );
  });
}

/** Paths as the person would type them. */
function near(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith("..") ? file : path;
}

/** Everything wrong with one file, in form and meaning, and what a device type or rig is warned about. */
export function problemsOf(file: string, site: Site): readonly Problem[] {
  const kind = kindOf(file);
  if (kind === "device-type") {
    const parsed = readDeviceType(file);
    return [...parsed.problems, ...deviceTypeWarnings(parsed)];
  }
  if (kind === "rig") {
    const { parsed, types, problems } = readRig(file, site.devices);
    const wrong = [...problems, ...judgeParts(parsed, rigProblems)];
    // What cannot be read has no times.
    const isRight = wrong.every((p) => p.severity === "warning");
    return [...wrong, ...rigWarnings(parsed, isRight ? types : new Map())];
  }
  if (kind === "product") return readProduct(file).problems;
  if (kind === "profile") return profileProblems(loadProfile(file), site);
  const found = `a file in the folder "${basename(dirname(file))}"`;
  const expected =
    "a file below devices, rigs, profiles or products, or one that begins with rig:, profile:, product: or type:";
  return [{ file, line: 1, column: 1, field: "", found, expected }];
}

const folderKinds: Record<string, FileKind> = {
  devices: "device-type",
  rigs: "rig",
  profiles: "profile",
  products: "product",
};

/** By the nearest folder of one of the four names, else by the first key of the text. */
function kindOf(file: string): FileKind | undefined {
  const folder = dirname(file)
    .split(sep)
    .findLast((part) => folderKinds[part] !== undefined);
  if (folder !== undefined) return folderKinds[folder];
  const text = readFileSync(file, "utf8").slice(0, 10_000);
  const key = /^(type|rig|profile|product):/m.exec(text)?.[1];
  return key === undefined ? undefined : firstKeys[key];
}

const firstKeys: Record<string, FileKind> = {
  type: "device-type",
  rig: "rig",
  profile: "profile",
  product: "product",
};
