import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRecord } from "../../src/record/writer.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { newRoot } from "../unit/record/fixture.js";
import { header, nothingLived, sampleOf, summaryOf } from "../unit/record/run.js";
import { wearout } from "./command.js";

const records = newRoot();
const at = ["--records", records];

beforeAll(async () => {
  for (const rig of ["bench", "other"]) {
    const options = { flushMs: Number.POSITIVE_INFINITY, flushSamples: 512 };
    const made = { ...header, rig, startedWall: header.startedWall };
    const writer = await createRecord(records, made, new VirtualClock(0), options);
    for (let n = 1; n <= 600; n++) writer.sample(sampleOf(n));
    await writer.commit([
      {
        kind: "failure",
        at: 500_000,
        cycle: 500,
        station: "s1",
        text: "s1 failed",
        data: { specimen: "B-001", mode: "wear", limit: "hot", value: 91, exposure: nothingLived },
      },
    ]);
    await writer.end({ ...summaryOf(writer.id), rig });
  }
});

describe("wearout run list", () => {
  it.each([
    [["--rig", "other"], ["other-1"]],
    [
      ["--outcome", "failed"],
      ["bench-1", "other-1"],
    ],
    [["--outcome", "completed"], []],
    [
      ["--specimen", "B-001", "--profile", "constant-load"],
      ["bench-1", "other-1"],
    ],
    [["--specimen", "B-002"], []],
    [
      ["--since", "2026-01-01", "--until", "2026-01-02"],
      ["bench-1", "other-1"],
    ],
    [["--since", "2026-01-02"], []],
    [["--until", "2025-12-31T23:59:59Z"], []],
  ])("%j", async (filter, ids) => {
    const { out } = await wearout("run", "list", ...filter, ...at, "--json");
    expect((JSON.parse(out) as { id: string }[]).map((r) => r.id)).toEqual(ids);
  });

  it("refuses what is no date", async () => {
    const said = await wearout("run", "list", "--since", "yesterday", ...at);
    expect(said).toMatchObject({ status: 2 });
    expect(said.talk).toMatch(/--since: found "yesterday", expected a date as 2026-01-31/);
  });
});

describe("wearout run plot", () => {
  it("draws in the terminal, and says SIMULATED", async () => {
    const { out, status } = await wearout("run", "plot", "bench-1", "--role", "speed", ...at);
    expect(status).toBe(0);
    expect(out).toMatch(/^SIMULATED bench-1\nspeed: 1500\.\d+ to 1585\.\d+ rpm\n/);
    expect(out).toMatch(/[\u2801-\u28ff]{10}/);
  });

  it("writes a picture with failures marked", async () => {
    const svg = join(records, "p.svg");
    const args = ["--role", "speed,vibration", "--from", "-5 min", "--svg", svg];
    const { status, talk } = await wearout("run", "plot", "bench-1", ...args, ...at);
    expect({ status, talk }).toEqual({ status: 0, talk: `${svg}: 2 panels\n` });
    const text = readFileSync(svg, "utf8");
    expect(text).toMatch(/SIMULATED/);
    expect(text).toMatch(/s1\.vibration \(mm\/s\)/);
    expect(text).toMatch(/<title>s1 failed<\/title>/);
  });

  it.each([
    [["--role", "sped"], /no role "sped" in this run; expected "speed" \(did you mean that\?\)/],
    [["--from", "2 h"], /has samples until 10 min; nothing is between --from and --to/],
    [["--from", "noon"], /--from: found "noon", expected a time since the start as "90 min"/],
  ])("refuses %j", async (args, text) => {
    const said = await wearout("run", "plot", "bench-1", ...args, ...at);
    expect(said.status).toBe(2);
    expect(said.talk).toMatch(text);
  });
});

describe("wearout run export", () => {
  it("gives the roles, time and thinning asked for", async () => {
    const args = ["--role", "load", "--from", "60 s", "--to", "119 s", "--every", "30s"];
    const { out } = await wearout("run", "export", "bench-1", ...args, ...at);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toBe("time,elapsed_s,cycle,load_kN,quality");
    expect(lines.slice(1).map((l) => l.split(",").slice(0, 3).join())).toEqual([
      "2026-01-01T00:01:00.000Z,60,60",
      "2026-01-01T00:01:30.000Z,90,90",
    ]);
  });

  it("stamps no row before --from, where that is within an interval", async () => {
    const args = ["--role", "load", "--from", "70 s", "--to", "100 s", "--every", "1min"];
    const { out } = await wearout("run", "export", "bench-1", ...args, ...at);
    const [, first] = out.split("\n");
    expect(first).toMatch(/^2026-01-01T00:01:10\.000Z,70,70,/);
  });

  it("says where there are no samples in the time that is asked for", async () => {
    const after = await wearout("run", "export", "bench-1", "--from", "2030-01-01", ...at);
    expect(after).toMatchObject({ status: 0, out: expect.stringMatching(/^time,[^\n]*\n$/) });
    expect(after.talk).toContain("nothing is from there on: the run has samples until 10 min");
    const turned = ["--from", "2 min", "--to", "1 min"];
    const { status, talk } = await wearout("run", "export", "bench-1", ...turned, ...at);
    expect(status).toBe(2);
    expect(talk).toContain("until 10 min; nothing is between --from 2 min and --to 1 min");
  });

  it("gives a file its name only when it is whole", async () => {
    const file = join(records, "out.parquet");
    const args = ["--format", "parquet", "--output", file];
    expect(await wearout("run", "export", "bench-1", ...args, ...at)).toMatchObject({ status: 0 });
    expect(readFileSync(file).subarray(-4).toString()).toBe("PAR1");
    const bad = join(records, "no", "such", "out.csv");
    const said = await wearout("run", "export", "bench-1", "--output", bad, ...at);
    expect(said).toMatchObject({ status: 2, talk: expect.stringContaining("cannot be written") });
    const wrong = await wearout(
      "run",
      "export",
      "bench-1",
      "--every",
      "x",
      "--output",
      file,
      ...at,
    );
    expect(wrong.talk).toMatch(/--every: found "x", expected a duration as 1s/);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(readFileSync(file).subarray(-4).toString()).toBe("PAR1");
  });

  it("sends Parquet to no terminal", async () => {
    const said = await wearout("run", "export", "bench-1", "--format", "parquet", ...at);
    expect(said).toMatchObject({
      status: 2,
      talk: "wearout: --format parquet needs --output FILE\n",
    });
  });
});

describe("wearout run verify", () => {
  it("says that a record is whole", async () => {
    const { status, out } = await wearout("run", "verify", "bench-1", ...at);
    expect(status).toBe(0);
    expect(out).toMatch(/^bench-1: whole \(layout 2, ended\)/);
    expect(out).toMatch(/samples {3}600 in 1 chunk and 0 blocks/);
    expect(out).toMatch(/every byte as at the end of the run/);
  });
});

it("wearout run resume of a run that has ended says that, whatever has become of its files", async () => {
  const { status, talk } = await wearout("run", "resume", "bench-1", "--yes", ...at);
  expect(talk).toBe("wearout: run bench-1 has ended (failed)\n");
  expect(status).toBe(5);
});
