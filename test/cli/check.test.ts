import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fastSite, newFolder, root, wearout } from "./command.js";

const folders = ["devices", "rigs", "profiles", "products"].map((name) => join(root, name));

describe("wearout check", () => {
  it("finds nothing wrong in the shipped files, and warns of none", async () => {
    const { status, out, talk } = await wearout("check", ...folders);
    expect({ status, out }).toEqual({ status: 0, out: "" });
    expect(talk).toMatch(/^(\d\d) files checked, 0 problems\n$/);
  });

  it("warns of an identity that may change, which does not change the exit status", async () => {
    const folder = join(newFolder(), "devices/inovance");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "md-dialect.yaml");
    const text = readFileSync(join(root, "devices/inovance/md-dialect.yaml"), "utf8");
    writeFileSync(file, text.replace(/^identifyWeak: .*/m, "identifyWeak: nothing names it"));
    const { status, out, talk } = await wearout("check", file);
    expect(out).toContain('  warning: identify[0].point: found "state", which may change');
    expect({ status, talk }).toEqual({
      status: 0,
      talk: "1 file checked, 0 problems, 1 warning\n",
    });
  });

  it("names what stands in a site and is not read, and says how many files are the site's own", async () => {
    const site = newFolder();
    mkdirSync(join(site, "rig"));
    mkdirSync(join(site, "rigs"));
    writeFileSync(join(site, "rigs/my-rig.yml"), "rig: my-rig\n");
    const { status, out, talk } = await wearout("--site", site, "check");
    expect(status).toBe(0);
    expect(out).toMatch(/rig:1:1 .*a folder that is not read, expected the name rigs/);
    expect(out).toMatch(
      /my-rig\.yml:1:1 .*a file that is not read, expected a name that ends in \.yaml/,
    );
    expect(talk).toMatch(
      /files checked \(0 of the site .*, the others are shipped\), 0 problems, 2 w/,
    );
  });

  it("does not take a site that is not there for one without files", async () => {
    const nowhere = join(newFolder(), "typo");
    const { status, talk } = await wearout("--site", nowhere, "check");
    expect(talk).toContain(`--site: found "${nowhere}", expected a folder that is there`);
    expect(status).toBe(3);
  });

  it("says all that is wrong with a file, each with its place, and ends with 3", async () => {
    const folder = join(newFolder(), "rigs");
    mkdirSync(folder);
    const file = join(folder, "bearing-four.yaml");
    cpSync(join(root, "rigs/bearing-four.yaml"), file);
    const { status: right } = await wearout("check", file);
    expect(right).toBe(0);
    writeFileSync(file, "rig: bearing-four\ntitel: Four\ncycle: 1 Nm\nformat: 8E1\n");
    const { status, out, talk } = await wearout("check", file);
    expect(status).toBe(3);
    expect(out).toContain(`${file}:2:1  titel: found the unknown key "titel", expected "title"`);
    expect(out).toContain(`${file}:3:1  cycle: found "1 Nm", expected a time, as "30 min"`);
    expect(out).toContain("  title: found nothing, expected a text");
    expect(talk).toMatch(/^1 file checked, \d+ problems\n$/);
    const { out: asJson } = await wearout("check", "--json", file);
    const { files, problems } = JSON.parse(asJson) as { files: number; problems: object[] };
    expect(files).toBe(1);
    expect(problems).toHaveLength(out.trimEnd().split("\n").length);
    expect(problems[0]).toEqual({
      file,
      line: expect.any(Number),
      column: expect.any(Number),
      field: expect.any(String),
      found: expect.any(String),
      expected: expect.any(String),
    });
  });

  it("tells to quote the serial format that YAML takes for a number", async () => {
    const site = fastSite();
    const file = join(site, "rigs/fast-rig.yaml");
    const { status: right, out: nothing } = await wearout("check", file);
    expect({ right, nothing }).toEqual({ right: 0, nothing: "" });
    const bad = join(site, "rigs/bad.yaml");
    writeFileSync(bad, readFileSync(file, "utf8").replace('format: "8E1"', "format: 8E1"));
    const { status, out } = await wearout("check", bad);
    expect(status).toBe(3);
    expect(out).toContain('lines.drive.format: found 80, expected "8E1" in quotes');
  });

  it("names file, line and field of a broken device type, checked with the rig that uses it", async () => {
    const site = newFolder();
    cpSync(join(root, "devices"), join(site, "devices"), { recursive: true });
    mkdirSync(join(site, "rigs"));
    const rig = join(site, "rigs/bearing-four.yaml");
    cpSync(join(root, "rigs/bearing-four.yaml"), rig);
    const type = join(site, "devices/omron/e5cc.yaml");
    writeFileSync(type, `${readFileSync(type, "utf8")}colour: blue\n`);
    const { status, out, talk } = await wearout("--site", site, "check", rig);
    expect(out).toMatch(/e5cc\.yaml:\d+:1 {2}colour: found the unknown key "colour"/);
    expect(status).toBe(3);
    expect(talk).toMatch(/^1 file checked, 1 problem\b/);
  });

  it("finds kinds of specimen and plant parameters that do not exist, for runs as well", async () => {
    const site = newFolder();
    mkdirSync(join(site, "rigs"));
    const file = join(site, "rigs/bearing-four.yaml");
    const text = readFileSync(join(root, "rigs/bearing-four.yaml"), "utf8")
      .replace("for: [ball-bearing,", "for: [ball-baering,")
      .replace(
        "  plant: bearing\n",
        '  plant: bearing\n  parameters: { waer: "2", ambient: 25 K }\n',
      );
    writeFileSync(file, text);
    const { status, out } = await wearout("check", file);
    expect(status).toBe(3);
    expect(out).toContain('for[0]: found the unknown kind "ball-baering", expected "ball-bearing"');
    expect(out).toContain('parameters.waer: found the unknown parameter "waer", expected "wear"');
    expect(out).toContain('parameters.ambient: found "25 K", expected a temperature');
    const shown = await wearout("rig", "show", file);
    expect(shown.status).toBe(3);
    expect(shown.talk).toContain("3 problems in files");
  });

  it("says what a file of no known kind would have to be", async () => {
    const file = join(newFolder(), "thing.yaml");
    writeFileSync(file, "colour: red\n");
    const { status, out } = await wearout("check", file);
    expect(status).toBe(3);
    expect(out).toContain("expected a file below devices, rigs, profiles or products");
  });

  it("ends with 3 where there is no such file", async () => {
    const { status, talk } = await wearout("check", "/nonexistent/rig.yaml");
    expect(status).toBe(3);
    expect(talk).toContain("/nonexistent/rig.yaml: no such file or folder");
  });
});

describe("form and meaning of one file", () => {
  const checked = async (kind: string, name: string, change: (text: string) => string) => {
    const folder = join(newFolder(), kind);
    mkdirSync(folder);
    const file = join(folder, name);
    const text = readFileSync(join(root, kind, name), "utf8");
    expect(change(text)).not.toBe(text);
    writeFileSync(file, change(text));
    const { out } = await wearout("check", file);
    const errors = out
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes("  warning: "));
    return errors.map((line) => line.slice(file.length).replace(/^:\d+:\d+ {2}/, ""));
  };

  it("of a rig are told in one round, in the order of the file", async () => {
    const said = await checked("rigs", "bearing-four.yaml", (text) =>
      text
        .replace(/^cycle: .*/m, "cycle: 500")
        .replace("unit: 1, ", "unit: one, ")
        .replace(/role: vibration/, "role: vibratoin"),
    );
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/^cycle: found 500, expected a time/);
    expect(said[1]).toMatch(/^devices\.\S+\.unit: found "one", expected a whole number/);
    expect(said[2]).toMatch(/^limits\[\d+\]\.role: found the unknown role "vibratoin"/);
  });

  it("of a profile are told in one round: a step by itself, nothing that follows from the order", async () => {
    const said = await checked("profiles", "bearing-constant-load.yaml", (text) =>
      text
        .replace("afterStep: 1 min", "afterStep: 1 kN")
        .replace("load: 5 % of C }", "load: 5 % of D }")
        .replace("time: 30 min", "tiem: 30 min"),
    );
    expect(said.map((line) => line.split(", expected")[0])).toEqual([
      'limits[6].mask.afterStep: found "1 kN"',
      'steps[1].ramp.to.load: found a share of the unknown rating "D"',
      'steps[2].dwell.tiem: found the unknown key "tiem"',
    ]);
  });
});
