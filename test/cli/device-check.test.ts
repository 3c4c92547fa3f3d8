import { describe, expect, it } from "vitest";
import { wearout } from "./command.js";
import { served, tapped } from "./wire.js";

const drive = ["abb/acs580", "--unit", "1"];
const armed = [
  ...["--set", "comm-loss-mode=control-word-or-reference"],
  ...["--set", "comm-loss-action=fault-always", "--set", "comm-loss-time=0.5"],
];

type Shown = { items: { item: string; found: string; wanted: string; verdict: string }[] };

async function check(at: string, type: string, unit = 1) {
  const where = ["--online", "--tcp", at, "--unit", String(unit), "--json"];
  const said = await wearout("device", "check", type, ...where);
  const items = said.out === "" ? [] : (JSON.parse(said.out) as Shown).items;
  return { ...said, verdicts: Object.fromEntries(items.map((i) => [i.item, i.verdict])), items };
}

describe("wearout device check", () => {
  it("passes a unit whose watchdog is set as its type requires, by reads alone", async () => {
    const { at, requests } = await tapped(await served(...drive, ...armed));
    const { status, verdicts } = await check(at, "abb/acs580");
    expect(status).toBe(0);
    expect(verdicts).toEqual({
      identity: "unknown",
      "watchdog: comm-loss-action": "ok",
      "watchdog: comm-loss-mode": "ok",
      values: "ok",
    });
    for (const request of requests) expect([1, 2, 3, 4]).toContain(request[7]);
  });

  it("ends with 5 and names what is not set, what was found and what would be right", async () => {
    const at = await served(...drive, "--set", "comm-loss-mode=any-message");
    const { status, talk, items } = await check(at, "abb/acs580");
    expect(status).toBe(5);
    expect(talk).toMatch(/not fit to run unattended: watchdog: comm-loss-action, watchdog: comm/);
    expect(items.find((i) => i.item.endsWith("mode"))).toMatchObject({
      found: "any-message (1)",
      wanted: "control-word-or-reference (2)",
      verdict: "not ok",
    });
  });

  it("says as JSON too that it looked at the file alone", async () => {
    const { status, out } = await wearout("device", "check", "omron/e5cc", "--json");
    expect({ status, said: JSON.parse(out) as unknown }).toEqual({
      status: 0,
      said: { type: "omron/e5cc", items: [] },
    });
  });

  it("says each item with its verdict, within eighty columns", async () => {
    const at = await served("omron/e5cc", "--unit", "1");
    const where = ["--online", "--tcp", at, "--unit", "1"];
    const { status, out } = await wearout("device", "check", "omron/e5cc", ...where);
    expect(status).toBe(0);
    expect(out).toMatch(/^unknown +watchdog: No stop on lost communication/m);
    expect(out.replace(/\n +/g, " ")).toMatch(/; wanted: something else that stops it\n/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("ends with 5 when the unit itself says that a value is bad", async () => {
    const set = ["--set", "offline-time=5000", "--set", "error-flags=8"];
    const at = await served("pixsys/drr245", "--unit", "1", ...set);
    const { status, items } = await check(at, "pixsys/drr245");
    expect(status).toBe(5);
    expect(items.at(-1)).toMatchObject({ item: "value: pv", found: "error-flags says sensor" });
  });

  it("ends with 4 when another unit answers or none does", async () => {
    const at = await served("advantech/adam-4150", "--unit", "1");
    expect((await check(at, "advantech/adam-4024")).status).toBe(4);
    expect((await check(at, "advantech/adam-4150", 2)).status).toBe(4);
  });

  it("without --online looks at the file alone", async () => {
    const { status, out } = await wearout("device", "check", "omron/e5cc");
    expect([status, out]).toEqual([0, expect.stringContaining("--online looks at a unit")]);
  });
});

/** What the drive shows while it turns. */
const started = ["--set", "operating=1", "--set", "ready-run=1", "--set", "actual=40"];

describe("wearout device silence", () => {
  it("says of a drive at rest that its watchdog is not active there, and starts nothing", async () => {
    const { at, requests } = await tapped(await served(...drive, ...armed));
    const where = ["--tcp", at, "--unit", "1"];
    const { status, talk } = await wearout("device", "silence", "abb/acs580", ...where, "--yes");
    expect(status).toBe(5);
    expect(talk).toMatch(/unit 1 is at rest \(.*operating 0.*\): its watchdog is not active there/);
    expect(talk).toContain("while a person has the unit running, and this command starts nothing");
    expect(talk).not.toContain("did NOT act");
    expect(requests.filter((r) => r[7]! > 4)).toEqual([]);
  });

  it("sees a watchdog act and when, and writes only what the unit holds", async () => {
    const run = [...started, "--set", "control-word=run", "--set", "reference=40"];
    const { at, requests } = await tapped(await served(...drive, ...armed, ...run));
    const where = ["--tcp", at, "--unit", "1"];
    const { status, out } = await wearout(
      ...["device", "silence", "abb/acs580", ...where, "--yes", "--json"],
    );
    const shown = JSON.parse(out) as { acted: boolean; timeMs: number; afterMs: number[] };
    expect([status, shown]).toMatchObject([0, { acted: true, timeMs: 500, shows: "tripped 1" }]);
    expect(shown.afterMs[1]).toBeGreaterThan(499);
    const writes = requests.filter((r) => r[7]! > 4).map((r) => [...r.subarray(8, 12)]);
    const word = [0, 0, 0x04, 0x7f];
    const reference = [0, 1, 0x1f, 0x40];
    expect(writes).toEqual([word, reference, word, reference]);
  });

  it("says so when it does not act, and refuses what it cannot prove", async () => {
    const flag = ["--set", "comm-safety=enabled", "--set", "channel-enable=255"];
    const at = await served("advantech/adam-4024", "--unit", "1", ...flag);
    const silence = (type: string, ...more: string[]) =>
      wearout("device", "silence", type, "--tcp", at, "--unit", "1", ...more);
    const early = await silence("advantech/adam-4024", "--time", "200 ms", "--yes");
    expect([early.status, early.talk]).toEqual([5, expect.stringContaining("did NOT act")]);
    const unnamed = await silence("advantech/adam-4024", "--yes");
    expect([unnamed.status, unnamed.talk]).toEqual([2, expect.stringContaining("expected --time")]);
    const unasked = await silence("advantech/adam-4024", "--time", "2s");
    expect([unasked.status, unasked.talk]).toEqual([5, expect.stringContaining("add --yes")]);
    const none = await silence("omron/e5cc", "--yes");
    expect([none.status, none.talk]).toEqual([5, expect.stringContaining("cut-out")]);
    const off = await served(...drive, "--set", "comm-loss-mode=any-message");
    const unarmed = await wearout(
      ...["device", "silence", "abb/acs580", "--tcp", off, "--unit", "1", "--yes"],
    );
    expect([unarmed.status, unarmed.talk]).toEqual([5, expect.stringContaining("is not ready")]);
  });

  it("names the unit whose watchdog cannot be fed", async () => {
    const run = [...started, "--set", "control-word=run", "--set", "reference=40"];
    const at = await served(...drive, ...armed, ...run, "--fault", "echo=1");
    const where = ["--tcp", at, "--unit", "1"];
    const { status, talk } = await wearout("device", "silence", "abb/acs580", ...where, "--yes");
    expect(talk).toMatch(/^wearout: unit 1: echo/);
    expect(status).toBe(4);
  });
});
