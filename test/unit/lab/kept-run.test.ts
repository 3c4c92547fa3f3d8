import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseText } from "../../../src/base/schema.js";
import { openSite, packageRoot } from "../../../src/cli/site.js";
import { changedSince, loadKeptRig } from "../../../src/lab/kept-run.js";
import type { KeptFile } from "../../../src/record/record.js";
import { checkRig } from "../../../src/rig/check.js";
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
