import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseText } from "../../../src/base/schema.js";
import { openSite, packageRoot } from "../../../src/cli/site.js";
import { changedSince, keptRun, loadKeptRig } from "../../../src/lab/kept-run.js";
import type { KeptFile } from "../../../src/record/document/run.js";
import { checkRig } from "../../../src/rig/check/check.js";
import { loadRig, readRig } from "../../../src/rig/load.js";
import { RigFile } from "../../../src/rig/rig-file.js";

const site = openSite(packageRoot);

function keptOf(rig: string, change = (text: string) => text): KeptFile[] {
  const loaded = loadRig(rig, site);
  const types = [...loaded.typeTexts].map(([name, text]): KeptFile => {
    return { kind: "device-type", name, text };
  });
  return [{ kind: "rig", name: rig, text: change(loaded.text) }, ...types];
}

describe("a rig of kept texts", () => {
  it.each(["bearing-four", "harmonic-one"])("is the %s that was loaded from its files", (name) => {
    const [kept, loaded] = [loadKeptRig(name, keptOf(name)), loadRig(name, site)];
    for (const part of ["rig", "columns", "limits", "text"] as const) {
      expect(kept[part]).toEqual(loaded[part]);
    }
    expect([...kept.devices.keys()]).toEqual([...loaded.devices.keys()]);
    expect(kept.typeTexts).toEqual(loaded.typeTexts);
  });

  it("is loaded although a rule of meaning refuses it now", () => {
    const changed = keptOf("bearing-four", (text) => text.replace(/^rig: .*/m, "rig: another"));
    const [file] = changed;
    const { types } = readRig(join(packageRoot, "rigs", "bearing-four.yaml"), site.devices);
    const parsed = parseText(RigFile, file!.text, "bearing-four.yaml");
    expect(checkRig(parsed, types)).not.toEqual([]);
    expect(loadKeptRig("bearing-four", changed).rig.rig).toBe("another");
  });

  it("is refused when a device type it names was not kept", () => {
    const [rig] = keptOf("bearing-four");
    expect(() => loadKeptRig("bearing-four", [rig!])).toThrow(
      /kept without its device types .*md-dialect/,
    );
  });
});

describe("a profile of kept texts", () => {
  const profileText = (change: (text: string) => string) =>
    change(readFileSync(join(packageRoot, "profiles", "bearing-constant-load.yaml"), "utf8"));
  const product = "ball-bearing/6206";
  const productText = readFileSync(join(packageRoot, "products", `${product}.yaml`), "utf8");
  const head = (change: (text: string) => string) => ({
    rig: "bearing-four",
    profile: "bearing-constant-load",
    parameters: {},
    specimens: [{ station: "s1", specimen: "a", product }],
    files: [
      ...keptOf("bearing-four"),
      {
        kind: "profile" as const,
        name: "bearing-constant-load",
        text: profileText(change),
      },
      { kind: "product" as const, name: product, text: productText },
    ],
  });
  const same = (text: string) => text;
  const more = "  - { name: smoke, role: speed, above: 5900 rpm, reaction: trip, isolate: true }";

  it("is compiled as it was, with what a later rule says against it told", () => {
    const kept = keptRun(head((text) => text.replace(/^limits:$/m, `limits:\n${more}`)));
    expect(kept.told).toEqual([
      expect.stringMatching(
        /^a new run would be refused, this one goes on: bearing-constant-load.yaml \(kept\):\d+.*isolate/,
      ),
    ]);
    const before = keptRun(head(same));
    expect(before.told).toEqual([]);
    expect(kept.program.segments.map(({ targets }) => targets)).toEqual(
      before.program.segments.map(({ targets }) => targets),
    );
    expect(kept.program.limits).toHaveLength(before.program.limits.length + 1);
  });

  it("is refused where no whole program can be made of it", () => {
    const broken = head((text) => text.replace(/^ +over: .*$/m, ""));
    expect(() => keptRun(broken)).toThrow(/neither over nor rate/);
  });
});

describe("files of the site beside those kept with a run", () => {
  const rig: KeptFile = { kind: "rig", name: "r", text: "a\nb\nc" };

  it.each<[string, string | undefined, string[]]>([
    ["the same", "a\nb\nc", []],
    ["a line changed", "a\nB\nc", ['rig r changed since: line 2 is "B", was "b"']],
    ["a line more", "a\nb\nc\nd", ['rig r changed since: line 4 is "d", was nothing']],
    ["a line less", "a\nb", ['rig r changed since: line 3 is nothing, was "c"']],
    ["gone", undefined, ["rig r is not in this site now"]],
  ])("%s", (_what, now, expected) => {
    expect(changedSince([rig], () => now)).toEqual(expected);
  });
});
