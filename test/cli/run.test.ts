/** Whole runs from the command line, on a plant that wears two thousand times too fast. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { reopenRecord } from "../../src/record/writer.js";
import { fastSite, newFolder, type Said, Started, wearout } from "./command.js";

type Json = Record<string, unknown>;

const site = fastSite();
const records = newFolder();

function startArgs(specimens: string, seed: number, ...more: string[]): string[] {
  const what = ["--site", site, "run", "start", "fast-life", "--rig", "fast-rig"];
  return [...what, "--specimen", specimens, "--virtual", "--seed", String(seed), ...more];
}

describe("a run until a specimen fails", () => {
  let said: Said;
  let summary: Json;

  beforeAll(async () => {
    said = await wearout(...startArgs("a,b,c,d", 7, "--records", records, "--json"));
    summary = JSON.parse(said.out) as Json;
  }, 240_000);

  it("ends with 6, says SIMULATED and nothing but one JSON object", () => {
    expect(said.status).toBe(6);
    expect(said.talk).toMatch(/^SIMULATED run fast-rig-1 in .*fast-rig-1\n$/);
  });

  it("sums up what was asked for and what came of it", () => {
    expect(Object.keys(summary)).toEqual(
      expect.arrayContaining([
        ...["id", "rig", "profile", "simulated", "seed", "state", "outcome", "reason"],
        ...["exposure", "stations", "alarms", "events"],
      ]),
    );
    expect(summary).toMatchObject({
      id: "fast-rig-1",
      rig: "fast-rig",
      profile: "fast-life",
      simulated: true,
      seed: 7,
      state: "Complete",
      outcome: "failed",
      reason: "every group has its first failure",
    });
    const stations = summary["stations"] as Json[];
    expect(stations.map((s) => s["specimen"])).toEqual(["a", "b", "c", "d"]);
    expect(stations.map((s) => s["outcome"]).sort()).toEqual([
      ...["censored", "censored", "censored", "failed"],
    ]);
    const failed = stations.find((s) => s["outcome"] === "failed");
    expect(failed).toMatchObject({ mode: "fatigue/subsurface-initiated" });
    type Exposure = { timeAtStressMs: [number, number]; turns: [number, number] };
    const { timeAtStressMs, turns } = (failed as { exposure: Exposure }).exposure;
    expect(timeAtStressMs[0]).toBeGreaterThan(10_000);
    expect(turns[0]).toBeLessThanOrEqual(turns[1]);
    expect((summary["alarms"] as Json[]).map((a) => a["limit"])).toContain("spalled");
    const kinds = (summary["events"] as Json[]).map((e) => e["kind"]);
    expect(kinds).toEqual(expect.arrayContaining(["alarm", "failure", "safe", "run-ended"]));
  });

  it("gives the same again for the same seed, and another life for another", async () => {
    const other = newFolder();
    const again = await wearout(...startArgs("a,b,c,d", 7, "--records", other, "--json"));
    expect(again.out).toBe(said.out);
    const next = await wearout(...startArgs("a,b,c,d", 8, "--records", other, "--json"));
    const { exposure, events } = JSON.parse(next.out) as Json;
    expect(exposure).not.toEqual(summary["exposure"]);
    expect(events).not.toEqual(summary["events"]);
  });

  it("is listed, shown and exported from its record", async () => {
    const list = await wearout("run", "list", "--records", records);
    expect(list.out).toMatch(
      /\nfast-rig-1 +2026-01-01 00:00 +failed +fast-life +a,b,c,d +SIMULATED/,
    );
    const show = await wearout("run", "show", "fast-rig-1", "--records", records);
    expect(show).toMatchObject({ status: 0, talk: "" });
    expect(show.out).toMatch(/failed, fatigue\/subsurface-initiated after/);
    const shown = await wearout("run", "show", "fast-rig-1", "--records", records, "--json");
    expect((JSON.parse(shown.out) as Json)["summary"]).toEqual(summary);
    const events = await wearout("run", "events", "fast-rig-1", "--records", records, "--json");
    const lines = events.out.trimEnd().split("\n");
    const kinds = lines.map((line) => (JSON.parse(line) as Json)["kind"]);
    // The black box of the failure is made once its end is written.
    expect(kinds.filter((kind) => kind !== "attachment").at(-1)).toBe("run-ended");
    const lives = ["--format", "life-table", "--exposure", "turns", "--records", records];
    const life = await wearout("run", "export", "fast-rig-1", ...lives);
    const [names = "", ...specimens] = life.out.trimEnd().split("\n");
    expect(names).toMatch(
      /^time_turns,time_high_turns,status,mode,group,lot,system,interruptions,simulated,/,
    );
    expect(specimens).toHaveLength(4);
    expect(specimens.filter((r) => /^\d[\d.]*,[\d.]*,[FI],fatigue/.test(r))).toHaveLength(1);
    expect(specimens.filter((r) => /^\d[\d.]*,,S,,fast-rig-1\//.test(r))).toHaveLength(3);
    const boxes = await wearout("run", "blackbox", "fast-rig-1", "--records", records);
    expect(boxes.out).toMatch(/\n1 .* failure .*specimen . failed/);
    const box = await wearout("run", "blackbox", "fast-rig-1", "1", "--records", records);
    expect(box.out).toMatch(/^SIMULATED fast-rig-1, black box 1: /);
    expect(box.out).toMatch(/\nfirst out: alarm, /);
    expect(box.out).toMatch(/\n +\+0\.000 s {2}failure: /);
    expect(box.out).toMatch(/setpoints: /);
    const csv = await wearout("run", "export", "fast-rig-1", "--records", records);
    const [head = "", ...rows] = csv.out
      .trimEnd()
      .split(/\r?\n/)
      .filter((r) => !r.startsWith("#"));
    expect(head).toContain("s1.vibration");
    const cycles = Number((JSON.parse(lines.at(-1) ?? "{}") as Json)["cycle"]);
    expect(rows).toHaveLength(cycles);
  });
});

describe("a virtual run that is held", () => {
  it("stops, because nobody could resume it, and says what held it", async () => {
    const held = fastSite();
    const file = join(held, "profiles/fast-life.yaml");
    const text = readFileSync(file, "utf8").replace(
      /reaction: fail\n {4}mode: .*/,
      "reaction: hold",
    );
    writeFileSync(file, text);
    const to = ["--records", newFolder(), "--json"];
    const args = ["--site", held, ...startArgs("a,b,c,d", 7, ...to).slice(2)];
    const { status, out } = await wearout(...args);
    expect(status).toBe(0);
    const summary = JSON.parse(out) as Json;
    expect(summary).toMatchObject({ state: "Stopped", outcome: "stopped" });
    expect(summary["reason"]).toMatch(
      /spalled: .*; nobody is there to type resume in virtual time$/,
    );
  });
});

describe("a run in another process", () => {
  it("is read while it goes on, has its folder alone, and stops safely on Ctrl-C", async () => {
    const slow = fastSite("1");
    const folder = newFolder();
    const args = [
      "--site",
      slow,
      ...startArgs("a,b,c,d", 3, "--records", folder, "--json").slice(2),
    ];
    const run = new Started(args);
    expect(await run.heard(/run (fast-rig-1) in/)).toBe("fast-rig-1");
    const to = ["--records", folder];
    const { out } = await until(
      () => wearout("run", "events", "fast-rig-1", ...to),
      (said) => said.out.includes("step 2"),
    );
    expect(out).toContain("Starting -> Execute");
    const list = await wearout("run", "list", ...to, "--json");
    expect(JSON.parse(list.out)).toMatchObject([{ id: "fast-rig-1", condition: "running" }]);
    const show = await wearout("run", "show", "fast-rig-1", ...to);
    expect(show.out).toMatch(/running[\s\S]*last event/);
    const csv = await wearout("run", "export", "fast-rig-1", ...to);
    expect(csv.status).toBe(0);
    expect(csv.out).toContain("s1.vibration");
    const refused = reopenRecord(folder, "fast-rig-1", new RealClock());
    await expect(refused).rejects.toMatchObject({ code: "RECORD_LOCKED", exitCode: 5 });

    const said = await run.interrupt();
    expect(said.status).toBe(0);
    expect(said.talk).toContain("the rig is taken down and made safe (Ctrl-C again: safe at once)");
    const summary = JSON.parse(said.out) as { state: string; events: Json[] };
    expect(summary).toMatchObject({ state: "Stopped", outcome: "stopped" });
    const texts = summary.events.map((e) => String(e["text"]));
    expect(texts.find((t) => t.startsWith("safe values:"))).toBe(
      "safe values: load held, speed acted",
    );
    const after = await wearout("run", "list", ...to, "--json");
    expect(JSON.parse(after.out)).toMatchObject([{ condition: "ended", outcome: "stopped" }]);
  });
});

/** Asks again until the answer is there; every question costs real work, so this is no busy wait. */
async function until(ask: () => Promise<Said>, there: (said: Said) => boolean): Promise<Said> {
  for (;;) {
    const said = await ask();
    if (there(said)) return said;
  }
}

describe("a run that is refused", () => {
  const fresh = () => ["--records", newFolder()];

  it("needs as many specimens as there are stations at most, each once", async () => {
    const wrong: [string, string][] = [
      ["a,b,c,d,e", "found 5 specimens, expected 1 to 4: rig fast-rig has the stations s1, s2"],
      [",", "found 0 specimens, expected 1 to 4"],
      ["a,b,a", '"a" is given twice'],
      ["../a", 'specimen "../a": letters, digits'],
    ];
    for (const [specimens, expected] of wrong) {
      const { status, out, talk } = await wearout(...startArgs(specimens, 1, ...fresh()));
      expect({ specimens, status, out }).toEqual({ specimens, status: 2, out: "" });
      expect(talk).toContain(expected);
    }
  });

  it("knows a specimen again and refuses to take it for another product", async () => {
    const to = ["--records", records, "--product"];
    const { status, out, talk } = await wearout(...startArgs("a", 1, ...to, "ball-bearing/6208"));
    expect({ status, out }).toEqual({ status: 5, out: "" });
    expect(talk).toContain("specimen a is known as ball-bearing/6206, not ball-bearing/6208");
    const unknown = await wearout(...startArgs("a", 1, ...to, "ball-bearing/6209"));
    expect(unknown.status).toBe(3);
    expect(unknown.talk).toContain("(did you mean that?) or one of ball-bearing/6206, ball-");
  });

  it("leaves a specimen unknown when nothing came of its run", async () => {
    const to = ["--records", newFolder()];
    const wrong = await wearout(...startArgs("n,o,p,q", 1, ...to, "--set", "load=1"));
    expect(wrong.status).toBe(3);
    const other = await wearout(
      ...startArgs("n,o,p,q", 1, ...to, "--product", "ball-bearing/6208"),
    );
    expect(other).toMatchObject({ status: 6 });
  });

  it("names profile, rig and parameter that there are not", async () => {
    const none = ["run", "start", "fast-lif", "--rig", "fast-rig", "--specimen", "a"];
    const profile = await wearout("--site", site, ...none);
    expect(profile).toMatchObject({ status: 3, out: "" });
    expect(profile.talk).toContain('"fast-life" (did you mean that?)');
    const parameter = await wearout(...startArgs("a", 1, ...fresh(), "--set", "load=1"));
    expect(parameter).toMatchObject({ status: 3, out: "" });
    const seed = await wearout(...startArgs("a", 1, ...fresh(), "--seed", "x"));
    expect(seed).toMatchObject({ status: 2, out: "" });
  });

  it("says which port of a real rig cannot be opened, and leaves no run behind", async () => {
    const to = fresh();
    const real = startArgs("a", 1, ...to).filter((arg) => arg !== "--virtual");
    const { status, talk } = await wearout(...real);
    expect(status).toBe(4);
    expect(talk).toContain("usb-FTDI_rig-drive-if00-port0 cannot be opened");
    expect((await wearout("run", "list", ...to, "--json")).out).toBe("[]\n");
  });
});

describe("records that cannot be written or read", () => {
  it("a folder that is none ends with an error of its own, never a defect", async () => {
    const file = join(site, "rigs/fast-rig.yaml");
    const start = await wearout(...startArgs("a", 1, "--records", file));
    expect([3, 5]).toContain(start.status);
    const list = await wearout("run", "list", "--records", file);
    expect(list.status).toBe(3);
    for (const { out, talk } of [start, list]) {
      expect(out).toBe("");
      expect(talk).toContain(file);
      expect(talk).not.toContain("defect");
    }
  });

  /** The limit on the size of a file stands in for the full disk; blocks of 512 bytes. */
  const limited = (blocks: number) => `ulimit -f ${blocks}; exec "$0" "$@"`;

  it("a disk full from the beginning leaves no run and no half-written specimen", async () => {
    const to = ["--records", newFolder()];
    const said = await new Started(startArgs("a,b", 1, ...to, "--json"), limited(0)).ended;
    expect(said).toMatchObject({ status: 5, out: "" });
    expect(said.talk).toMatch(/^wearout: .*cannot be written: .*\n$/);
    expect((await wearout("run", "list", ...to, "--json")).out).toBe("[]\n");
    const later = await wearout(...startArgs("a,b", 1, ...to, "--json"));
    expect(later.status).toBe(6);
  });

  it("a disk that fills up ends the run with 5; what was written is whole", async () => {
    const to = ["--records", newFolder()];
    const slow = ["--site", fastSite("1"), ...startArgs("a,b", 1, ...to).slice(2)];
    const said = await new Started(slow, limited(400)).ended;
    expect(said).toMatchObject({ status: 5, out: "" });
    // The next event would come days later; the disk is noticed without it.
    expect(said.talk).toContain("step 2 of 2");
    expect(said.talk).not.toMatch(/ 24 h /);
    expect(said.talk).toMatch(/\nwearout: the record .*fast-rig-1 cannot be written: .*\n$/);
    const list = await wearout("run", "list", ...to, "--json");
    expect(JSON.parse(list.out)).toMatchObject([{ id: "fast-rig-1", condition: "interrupted" }]);
    const events = await wearout("run", "events", "fast-rig-1", ...to);
    expect(events).toMatchObject({ status: 0, talk: "" });
    expect(events.out).toContain("Starting -> Execute");
  });
});
