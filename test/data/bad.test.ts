import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatProblem, type Problem } from "../../src/base/error.js";
import { readDeviceType } from "../../src/device/load.js";
import { rigFacts } from "../../src/lab/facts.js";
import { compileProfile } from "../../src/profile/compile.js";
import { loadProfile } from "../../src/profile/load.js";
import { loadProduct, readProduct } from "../../src/profile/load-product.js";
import { loadRig, readRig } from "../../src/rig/load.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const site = (kind: string) => [join(root, kind)];

/**
 * What `case.json` says. A profile is compiled for `product` (default: its own example) and, when
 * given, for `rig`.
 */
type Case = { kind: keyof typeof loaders; file: string; product?: string; rig?: string };

const loaders = {
  rig: (file: string) => readRig(file, site("devices")).problems,
  "device-type": (file: string) => readDeviceType(file).problems,
  product: (file: string) => readProduct(file).problems,
  profile: profileProblems,
};

function profileProblems(file: string, says: Case): readonly Problem[] {
  const parsed = loadProfile(file);
  const profile = parsed.value;
  if (profile === undefined) return parsed.problems;
  const product = loadProduct(says.product ?? profile.product ?? "", site("products")).value;
  const folders = { rigs: site("rigs"), devices: site("devices") };
  const facts = says.rig === undefined ? {} : { rig: rigFacts(loadRig(says.rig, folders)) };
  const products = product === undefined ? [] : [product];
  return [...parsed.problems, ...compileProfile(profile, { parsed, products, ...facts }).problems];
}

/** The whole message, with file names as seen from the case's folder. */
function messageOf(folder: string, says: Case): string {
  const problems = loaders[says.kind](join(folder, says.file), says);
  const lines = problems.map(formatProblem).join("\n");
  return `${lines.replaceAll(`${folder}/`, "")}\n`;
}

const cases = join(root, "test/data/bad");

describe("a wrong file", () => {
  for (const name of readdirSync(cases).sort()) {
    it(`${name} is refused with file, line, what was found and what would be right`, () => {
      const folder = join(cases, name);
      const says = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as Case;
      const expected = readFileSync(join(folder, "expected.txt"), "utf8");
      expect(expected.trim()).not.toBe("");
      expect(messageOf(folder, says)).toBe(expected);
    });
  }

  for (const kind of Object.keys(loaders) as Case["kind"][]) {
    it(`a huge ${kind} is refused without being parsed`, () => {
      const folder = mkdtempSync(join(tmpdir(), "wearout-bad-"));
      try {
        writeFileSync(join(folder, "huge.yaml"), "speed: 1\n".repeat(400_000));
        const message = messageOf(folder, { kind, file: "huge.yaml" });
        expect(message).toMatch(
          /^huge\.yaml:1:1 {2}found a file of 3\.6 MB, expected a .* of at most 1 MB\n$/,
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
