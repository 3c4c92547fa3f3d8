import { describe, expect, it } from "vitest";
import { errorTable } from "../../src/base/error.js";
import { Started, wearout } from "./command.js";

describe("help", () => {
  it("begins with examples a person can copy, and lists every exit status", async () => {
    const { status, out } = await wearout("--help");
    expect(status).toBe(0);
    expect(out).toContain("wearout run start bearing-constant-load --rig bearing-four");
    for (const { exit } of Object.values(errorTable)) expect(out).toContain(`${exit} `);
  });

  for (const command of [
    "check",
    "run start",
    "line read",
    "line list",
    "line write",
    "line scan",
    "device probe",
    "device capture",
    "device serve",
    "device list",
    "device show",
    "device check",
    "device silence",
    "run list",
    "run show",
    "run verify",
    "run hold",
    "run abort",
    "rig status",
    "rig watch",
    "alarm ack",
    "record status",
    "record backup",
    "record compact",
    "report life",
    "life table",
    "life compare",
    "life fit",
    "doctor",
  ]) {
    it(`of ${command} has examples`, async () => {
      const { status, out } = await wearout(...command.split(" "), "--help");
      expect(status).toBe(0);
      expect(out).toContain(`Examples:\n  wearout ${command}`);
    });
  }

  it("keeps its sentences within eighty columns where nobody says how wide the screen is", async () => {
    for (const command of [
      "run resume",
      "device silence",
      "line monitor",
      "record prune",
      "life",
    ]) {
      const { out } = await wearout(...command.split(" "), "--help");
      const sentences = out.split("\n").filter((line) => /^[^ ]/.test(line));
      for (const line of sentences) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it("breaks the text beside a long name too", async () => {
    for (const command of ["line", "run", "device", "rig"]) {
      const { out } = await wearout(command, "--help");
      for (const line of out.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    }
  });

  it("goes to stdout and ends with 0, as a process of its own", async () => {
    const said = await new Started(["--help"]).ended;
    expect(said).toMatchObject({ status: 0, talk: "" });
    expect(said.out).toContain("Examples:");
  });
});

describe("a command called the wrong way", () => {
  const wrong: [string, string[], RegExp][] = [
    ["an unknown command", ["rum"], /unknown command 'rum'[\s\S]*Did you mean run/],
    ["an unknown option", ["check", "--jsno"], /unknown option '--jsno'[\s\S]*--json/],
    ["no command at all", ["run", "strat"], /unknown command 'strat'/],
    ["a name that every object has", ["run", "constructor"], /unknown command 'constructor'/],
    ["a missing argument", ["device", "show"], /missing required argument 'type'/],
    ["an address that is none", ["line", "read", "--tcp", "here", "input", "0", "1"], /HOST:PORT/],
    ["a table that is none", ["line", "read", "inputs", "0", "1"], /one of coil, discrete, /],
    [
      "a port and a socket",
      ["device", "serve", "omron/e5cc", "--tcp", "a:1", "--serial", "b"],
      /either/,
    ],
    ["an outcome that is none", ["run", "list", "--outcome", "good"], /expected one of failed, /],
    [
      "events in a form that has none",
      ["run", "export", "a-1", "--what", "events", "--format", "parquet"],
      /--what events: found --format parquet, expected csv/,
    ],
    ["an unknown run", ["run", "show", "none-1", "--records", "/nonexistent"], /no run "none-1"/],
  ];
  for (const [name, args, expected] of wrong) {
    it(`${name} ends with 2 and says what is possible, on stderr only`, async () => {
      const { status, out, talk } = await wearout(...args);
      expect(talk).toMatch(expected);
      expect({ status, out }).toEqual({ status: 2, out: "" });
    });
  }
});
