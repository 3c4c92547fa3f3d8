import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Interval, LivedExposure } from "../../src/record/document/event.js";
import { createRecord } from "../../src/record/writer.js";
import { header, ManualClock, summaryOf } from "../unit/record/run.js";
import { newFolder, wearout } from "./command.js";

const records = newFolder();
const folder = newFolder();
const hour = 3_600_000;

/** An ended run with one specimen per life: [hours at least, at most], failed or not. */
async function record(
  rig: string,
  lot: string | undefined,
  simulated: boolean,
  lives: readonly (readonly [number, number, string?])[],
  { root = records, profile = header.profile, product = "ball-bearing/6206" } = {},
): Promise<void> {
  const place = (i: number) => ({ station: `s${i}`, specimen: `${rig}-${lot ?? "x"}-${i}` });
  const named = lot === undefined ? {} : { lot };
  const specimens = lives.map((_, i) => ({ ...place(i), product, ...named }));
  const options = { flushMs: Infinity, flushSamples: 512 };
  const head = { ...header, id: "", rig, profile, simulated, specimens };
  const writer = await createRecord(root, head, new ManualClock(), options);
  const stations = lives.map(([least, most, mode], i) => ({
    ...place(i),
    product,
    outcome: mode === undefined ? "completed" : "failed",
    mode: mode ?? null,
    exposure: {
      timeOnTestMs: [least * hour, most * hour],
      timeAtStressMs: [least * hour, most * hour],
      turns: [least * 6e4, most * 6e4],
      loadCycles: [least * 6e4, most * 6e4],
      damage: [0, 1],
      energyJ: [0, null],
    } satisfies LivedExposure,
  }));
  await writer.end({ ...summaryOf(writer.id), rig, simulated, stations });
}

beforeAll(async () => {
  const wear = "fatigue/subsurface-initiated";
  await record("alpha", "B6", false, [
    [18, 18, wear],
    [29, 29.5, wear],
    [33, 33, wear],
    [60, 60],
  ]);
  await record("alpha", "B7", false, [
    [56, 56, wear],
    [68, 68, wear],
    [84, 85, wear],
    [98, 99],
  ]);
  await record("beta", undefined, true, [
    [5, 5, wear],
    [7, 7, wear],
  ]);
});

function life(...args: string[]) {
  return wearout("life", ...args, "--records", records);
}

describe("lives that were lived differently", () => {
  it("are taken together as they were asked for, and that is told", async () => {
    const root = newFolder();
    const lives = [[18, 18, "wear"] as const, [29, 29, "wear"] as const];
    await record("alpha", "B6", false, lives, { root });
    await record("beta", "B7", false, lives, {
      root,
      profile: "spectrum",
      product: "ball-bearing/6208",
    });
    const all = await wearout("life", "fit", "--runs", "all", "--records", root);
    expect(all.talk).toContain(
      `lives under different conditions are taken together: ${header.profile} (load=4 kN), spectrum (load=4 kN)`,
    );
    expect(all.talk).toContain(
      "lives of different products are taken together: ball-bearing/6206, ball-bearing/6208",
    );
    const one = await wearout("life", "fit", "--runs", "rig=alpha", "--records", root);
    expect(one.talk).not.toContain("taken together");
  });
});

describe("wearout life table", () => {
  it("is life data of ended runs, one row per specimen, whose time column says its unit", async () => {
    const { status, out } = await life("table", "alpha-1");
    expect(status).toBe(0);
    const [head, ...rows] = out.trimEnd().split("\n");
    expect(head).toMatch(
      /^time_h,time_high_h,status,mode,group,lot,system,interruptions,simulated,/,
    );
    expect(rows.map((r) => r.split(",").slice(0, 3).join(","))).toEqual([
      "18,,F",
      "29,29.5,I",
      "33,,F",
      "60,,S",
    ]);
    expect(rows[0]).toContain(",alpha-1/all,B6,alpha-B6-0,");
  });

  it("goes through life fit as it is, intervals as intervals", async () => {
    const file = join(folder, "table.csv");
    const { status } = await life("table", "--runs", "rig=alpha", "--output", file);
    expect(status).toBe(0);
    const fit = await wearout("life", "fit", file, "--json");
    expect(JSON.parse(fit.out)).toMatchObject({ n: 8, failures: 6, suspensions: 2, intervals: 2 });
    const direct = await life("fit", "--runs", "rig=alpha", "--json");
    expect(direct.out).toBe(fit.out);
    expect(direct.talk).toContain("--runs rig=alpha: 8 specimens of 2 runs");
  });

  it("counts a life in what is asked for", async () => {
    const { out } = await life("table", "alpha-1", "--exposure", "turns");
    expect(out).toMatch(/^time_turns,time_high_turns,.*\n1080000,,F,/);
    const wrong = await life("table", "--exposure", "days");
    expect(wrong.status).toBe(2);
    expect(wrong.talk).toContain("time-at-stress");
  });

  it("describes every column in JSON", async () => {
    const { out } = await life("table", "alpha-1", "--json");
    const { columns } = JSON.parse(out) as { columns: { name: string; says: string }[] };
    expect(columns[0]).toEqual({ name: "time_h", says: "time on test, in h, at least" });
    expect(columns.every((c) => c.says.length > 0)).toBe(true);
  });
});

describe("--runs in the place of DATA", () => {
  it("chooses by lot and compares two selections, or one with a file", async () => {
    const both = await life("compare", "--runs", "lot=B6", "--runs", "lot=B7");
    expect(both.out).toMatch(/A {2}lot B6 +3 +1 /);
    expect(both.out).toMatch(/B {2}lot B7 +3 +1 /);
    const file = join(folder, "file.csv");
    writeFileSync(file, "time_h,status\n30,F\n40,F\n50,F\n");
    const mixed = await life("compare", file, "--runs", "lot=B7");
    expect(mixed.out).toMatch(/A {2}\S*file\.csv/);
    expect(mixed.out).toContain("B  lot B7");
  });

  it("refuses lives counted in different things", async () => {
    const file = join(folder, "turns.csv");
    await life("table", "alpha-1", "--exposure", "turns", "--output", file);
    const { status, talk } = await life("compare", file, "--runs", "lot=B7");
    expect(status).toBe(2);
    expect(talk).toContain('times in "turns" and in "h" cannot be compared');
  });

  it("takes the product for a lot where no lot was given, and says SIMULATED", async () => {
    const { out } = await life("fit", "--runs", "lot=ball-bearing/6206");
    expect(out).toMatch(/^SIMULATED: no real specimens\n/);
  });

  it("never mixes real and simulated lives", async () => {
    const { status, talk } = await life("fit", "--runs", "all");
    expect(status).toBe(2);
    expect(talk).toContain(
      "beta-1 is simulated and alpha-1 is real; choose with --runs simulated=no",
    );
    expect((await life("fit", "--runs", "simulated=no")).status).toBe(0);
  });

  it("says what a selection may hold, and when it holds nothing", async () => {
    const wrong: [string, RegExp][] = [
      ["lto=B7", /--runs: found "lto=B7", expected KEY=VALUE, KEY "lot" \(did you mean that\?\)/],
      ["lot=", /found "lot=", expected lot=VALUE/],
      ["lot=B9", /--runs lot=B9: no life among 3 runs under/],
      ["since=soon", /--runs since: found "soon", expected a date/],
    ];
    for (const [selection, text] of wrong) {
      const { status, talk } = await life("weibayes", "--shape", "1.5", "--runs", selection);
      expect(talk).toMatch(text);
      expect(status).toBe(2);
    }
  });

  it("wants DATA just as often as the verb needs it", async () => {
    const none = await life("fit");
    expect(none.status).toBe(2);
    expect(none.talk).toContain(
      "life fit: expected DATA once: a file, - for standard input, or --runs",
    );
    const twice = await life("weibayes", "x.csv", "--runs", "lot=B7", "--shape", "2");
    expect(twice.status).toBe(2);
  });
});

describe("a run that goes on", () => {
  const root = newFolder();
  const book = (hours: number) => {
    const half = [hours * hour, hours * hour, hours * 6e4, hours * 6e4, 0, 0];
    return [...half, ...half];
  };
  const both: Interval = [300 * hour, 301 * hour];
  const exposure: LivedExposure = {
    ...{ timeOnTestMs: both, timeAtStressMs: both, turns: [1, 1], loadCycles: [1, 1] },
    ...{ damage: [0, 0], energyJ: [0, 0] },
  };

  beforeAll(async () => {
    const specimens = ["a", "b", "c"].map((specimen, i) => ({
      station: `s${i}`,
      specimen,
      product: "p",
    }));
    const options = { flushMs: Infinity, flushSamples: 512 };
    const head = { ...header, id: "", rig: "live", simulated: false, specimens };
    const writer = await createRecord(root, head, new ManualClock(), options);
    const checkpoint = (hours: number) => ({
      kind: "checkpoint" as const,
      at: hours * hour,
      cycle: hours,
      text: "checkpoint",
      data: {
        state: {
          stations: [
            { book: book(hours), outcome: "running" },
            { book: book(hours), outcome: "failed" },
            { book: book(hours), outcome: "censored" },
          ],
        },
      },
    });
    const failure = { at: 301 * hour, cycle: 301, station: "s1", text: "failed" };
    const data = { specimen: "B-1", mode: "wear", limit: "hot", value: 91, exposure };
    const word = { at: 305 * hour, cycle: 305, station: "s2", text: "withdrawn" };
    await writer.commit([
      checkpoint(300),
      { kind: "failure", ...failure, data },
      {
        kind: "disposition",
        ...word,
        data: { decision: "withdrawn", by: "lin", limit: "hot", trippedAt: 304 * hour },
      },
      checkpoint(305),
    ]);
    await writer.close();
  });

  const asked = (...args: string[]) => wearout("life", "table", ...args, "--records", root);

  it("tells who failed, and counts the living as suspended at what they surely lived", async () => {
    const { status, out, talk } = await asked();
    expect(status).toBe(0);
    expect(talk).toContain(
      "live-1 has not ended (interrupted): who is alive counts as suspended at the last booked exposure",
    );
    const [head, ...rows] = out.trimEnd().split("\n");
    expect(rows.map((r) => r.split(",").slice(0, 4).join(","))).toEqual([
      "305,,S,",
      "300,301,I,wear",
      "305,,S,",
    ]);
    const informative = head!.split(",").indexOf("informative");
    expect(rows.map((r) => r.split(",")[informative])).toEqual(["0", "0", "1"]);
    const decided = await wearout(
      ...["life", "decide", "--runs", "all", "--records", root],
      ...["--reliability", "0.9", "--life", "200h", "--shape", "1.5"],
    );
    expect(decided.status).toBe(0);
    const exported = ["run", "export", "live-1", "--format", "life-table", "--records", root];
    expect(await wearout(...exported)).toMatchObject({ status: 0, out });
  });

  it("is left out with --ended, and that is said", async () => {
    const { status, talk } = await asked("--ended");
    expect(status).toBe(2);
    expect(talk).toContain("live-1 has not ended (interrupted): left out (--ended)");
    expect(talk).toContain("no life among 1 run under");
  });

  it("is told that --running is usual now", async () => {
    const [usual, written] = [await asked(), await asked("--running")];
    expect(written).toMatchObject({ status: 0, out: usual.out });
    expect(written.talk).toContain("--running is usual now");
  });
});

describe("simulated specimens", () => {
  it("says that simulated specimens of one name count in each run", async () => {
    await record("beta", undefined, true, [
      [6, 6, "fatigue/subsurface-initiated"],
      [8, 8, "fatigue/subsurface-initiated"],
    ]);
    const { talk } = await life("fit", "--runs", "simulated=yes");
    expect(talk).toMatch(
      /specimen beta-x-0 is simulated in 2 runs \(.*\) and counts as 2 lives, and 1 more/,
    );
  });
});

describe("a report of runs", () => {
  const file = join(folder, "runs.html");

  it("names the runs, not the words of the command line, and its command finds the same lives", async () => {
    const at = ["--output", file, "--records", records];
    const { status } = await wearout("report", "life", "--runs", "lot=B7", ...at);
    expect(status).toBe(0);
    const page = readFileSync(file, "utf8");
    expect(page).toMatch(/<p class="source">alpha-2 · /);
    expect(page).toMatch(/<code>wearout report life --runs run=alpha-2,lot=B7 --exposure/);
    expect(page.replace(/<code>.*<\/code>/, "")).not.toContain("lot=B7");
  });

  it("tells in Chinese what it was asked to tell in Chinese", async () => {
    const zh = ["--language", "zh", "--output", file, "--records", records];
    const said = await wearout("report", "life", "--runs", "simulated=yes", ...zh);
    expect(said.status).toBe(0);
    const page = readFileSync(file, "utf8");
    expect(page).toMatch(/仿真试样 beta-x-0 出现在 2 次试验中（beta-1, beta-2）/);
    expect(page).not.toContain("counts as");
    expect(said.talk).toContain("counts as 2 lives");
  });
});

describe("a lot that an older record holds", () => {
  const nasty = "=1+1,<script>,\u001b[31mX";
  const shown = "=1+1,<script>,\\x1b[31mX";

  beforeAll(async () => {
    await record("gamma", nasty, false, [
      [5, 5, "wear"],
      [7, 7, "wear"],
      [9, 9, "wear"],
    ]);
  });

  it("is asked for as it is shown, and harms neither terminal, spreadsheet nor page", async () => {
    const table = await life("table", "--runs", `lot="${shown}"`);
    expect(table.status).toBe(0);
    expect(table.out).not.toContain("\u001b");
    expect(table.out).toContain(`"'${shown}"`);
    const fit = await life("fit", "--runs", `lot="${nasty}"`);
    expect(fit.status).toBe(0);
    expect(fit.out + fit.talk).not.toContain("\u001b");
    const file = join(folder, "nasty.html");
    const at = ["--output", file, "--records", records];
    expect((await wearout("report", "life", "--runs", `lot="${shown}"`, ...at)).status).toBe(0);
    const page = readFileSync(file, "utf8");
    expect(page).not.toContain("\u001b");
    expect(page).not.toContain("<script>");
    const list = await wearout("run", "list", "--records", records, "--rig", "gamma");
    expect(list.out).not.toContain("\u001b");
    expect(list.out).toContain(`gamma-${shown}-0`);
    const one = await wearout(
      ...["run", "list", "--records", records, "--specimen", `gamma-${shown}-0`],
    );
    expect(one.out).toContain("gamma-1");
  });

  it("is refused where it is entered today", async () => {
    const start = ["run", "start", "bearing-constant-load", "--rig", "bearing-four"];
    const lot = ["--specimen", "a,b,c,d", "--virtual", "--lot", "=1+1", "--records", records];
    const { status, talk } = await wearout(...start, ...lot);
    expect(status).toBe(2);
    expect(talk).toContain('--lot: found "=1+1", expected');
  });
});
