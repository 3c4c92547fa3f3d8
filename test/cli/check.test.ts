import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fastSite, newFolder, root, wearout } from "./command.js";

const folders = ["devices", "rigs", "profiles", "products"].map((name) => join(root, name));

describe("wearout check", () => {
  it("finds nothing wrong in the shipped files; what it warns of does not change the exit status", async () => {
    const { status, out, talk } = await wearout("check", ...folders);
    for (const line of out.trimEnd().split("\n")) expect(line).toContain("  warning: ");
    expect(status).toBe(0);
    expect(talk).toMatch(/^(\d\d) files checked, 0 problems, \d+ warnings?\n$/);
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
