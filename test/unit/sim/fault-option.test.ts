import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { faultsByLine } from "../../../src/cli/fault.js";
import { noFaults } from "../../../src/sim/fault.js";
import { faultHelp, faultOptions, faultsFrom, faultWords } from "../../../src/sim/fault-option.js";

describe("faults as people write them", () => {
  it("are shares, percent, milliseconds and codes", () => {
    const faults = faultsFrom([
      ["crc", "0.25"],
      ["late", "5 %"],
      ["late-ms", "40"],
      ["exception-code", "4"],
    ]);
    const expected = { crcShare: 0.25, lateShare: 0.05, lateMs: 40, exceptionCode: 4 };
    expect(faults).toEqual({ ...noFaults, ...expected });
    expect(faultWords(faults)).toBe("late=0.05 late-ms=40 crc=0.25 exception-code=4");
    expect(faultWords(noFaults)).toBe("");
  });

  it.each([
    [["crcs", "1"], /unknown fault "crcs", expected "crc" \(did you mean that\?\)/],
    [["crc", "1.5"], /crc: found "1.5", expected a share of exchanges from 0 to 1/],
    [["crc", ""], /crc: found "", expected a share/],
    [["crc", "-0.1"], /expected a share/],
    [["late-ms", "5 %"], /expected milliseconds from 0 to 3600000/],
    [["late-ms", "soon"], /late-ms: found "soon"/],
    [["exception-code", "0"], /expected a code from 1 to 255/],
    [["exception-code", "2.5"], /expected a code/],
  ] as const)("refuse %j and say what would be right", (pair, message) => {
    expect(() => faultsFrom([pair])).toThrow(message);
  });

  it("of another carrier than the one they are given on are refused", () => {
    expect(() => faultsFrom([["crc", "2%"]], "tcp")).toThrow(
      "--fault crc: found on tcp, expected on a serial line",
    );
    expect(() => faultsFrom([["reset", "2%"]], "serial")).toThrow(
      /found on serial, expected on TCP/,
    );
    expect(faultsFrom([["crc", "2%"]], "serial").crcShare).toBe(0.02);
  });

  it("exclude each other, so that shares beyond the whole are refused", () => {
    const pairs = [["crc", "0.6"] as const, ["late", "0.5"] as const];
    expect(() => faultsFrom(pairs)).toThrow(/add up to 1.1, expected at most 1/);
  });

  it("name every number there is, once, in help and page", () => {
    const fields = Object.values(faultOptions).map(({ field }) => field);
    expect([...fields, "deadUnits"].sort()).toEqual(Object.keys(noFaults).sort());
    const file = new URL("../../../../docs/simulation.md", import.meta.url);
    const page = readFileSync(fileURLToPath(file), "utf8");
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map((m) => [m[1], m[2]]);
    const known = Object.entries(faultOptions);
    const listed = known.map(([name, { field }]) => [name, String(noFaults[field])]);
    const last = rows.slice(-listed.length);
    expect(last).toEqual(listed);
    for (const name of Object.keys(faultOptions)) expect(faultHelp()).toContain(`  ${name} `);
  });

  it("may be of one line or of all", () => {
    const faults = faultsByLine(["crc=0.1", "io:late=0.2"], ["drive", "io"]);
    expect(faults.get("drive")).toMatchObject({ crcShare: 0.1, lateShare: 0 });
    expect(faults.get("io")).toMatchObject({ crcShare: 0.1, lateShare: 0.2 });
    expect(() => faultsByLine(["i:crc=1"], ["drive", "io"])).toThrow(/no line "i"/);
  });
});
