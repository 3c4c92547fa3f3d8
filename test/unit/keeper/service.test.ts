import { afterEach, describe, expect, it } from "vitest";
import { Keeper } from "../../../src/keeper/keeper.js";
import { RigBook } from "../../../src/keeper/rig-book.js";
import type { Neighbours } from "../../../src/keeper/service.js";
import { bookOf } from "../../../src/limit/alarm/book.js";
import type { AlarmChange } from "../../../src/limit/alarm/change.js";
import type { Outage } from "../../../src/limit/alarm/service.js";
import type { JournalEvent } from "../../../src/record/journal/kinds.js";
import { bench } from "../rig/bench.js";

const keepers: Keeper[] = [];
afterEach(async () => {
  for (const keeper of keepers.splice(0)) await keeper.close();
});

const hour = 3_600_000;
const word = { by: "mei", reason: "new sensor", lengthMs: hour };
const meter: Outage = { what: "device", name: "vibration-2" };

/** bearing-four, kept; what another process wrote of its alarms is there from the beginning. */
function kept(before: readonly JournalEvent[] = [], neighbours: Neighbours = () => []) {
  const b = bench("bearing-four");
  const events: JournalEvent[] = [];
  const journal = { commit: async (more: readonly JournalEvent[]) => void events.push(...more) };
  const changes = before.filter(({ kind }) => kind === "alarm").map((e) => e.data as AlarmChange);
  const book = new RigBook("bearing-four", b.clock, journal, bookOf(changes), () => true);
  book.goOn(b.loaded.limits);
  const keeper = new Keeper({
    ...{ rig: b.rig, limits: b.loaded.limits, clock: b.clock, book },
    neighbours,
  });
  keepers.push(keeper);
  keeper.open();
  const frames = (line: string, unit: number, fromMs: number) =>
    b.line(line).sent.filter((s) => s.unit === unit && s.at >= fromMs);
  const alarm = (limit: string) => book.alarms.rows.find((row) => row.limit === limit);
  return { ...b, keeper, book, events, frames, alarm };
}

async function safe(before: readonly JournalEvent[] = [], neighbours?: Neighbours) {
  const b = kept(before, neighbours);
  await b.keeper.safe("by hand");
  await b.clock.sleep(3000);
  return b;
}

describe("a device that is out of service", () => {
  it("gets not one frame, not even a read, while its neighbour on the wire trips as before", async () => {
    const b = await safe();
    const answer = await b.keeper.outOfService(meter, word);
    expect(answer).toMatchObject({ accepted: true });
    expect(answer.text).toMatch(/vibration-2 is out of service for 1 h.*lock the isolator/);
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(hour - 60_000);
    expect(b.frames("sensors", 22, fromMs)).toEqual([]);
    expect(b.frames("sensors", 21, fromMs).length).toBeGreaterThan(3000);
    expect(b.book.alarms.rows.filter((row) => row.stands)).toEqual([]);
    b.device("vibration-1").set("velocity-x", 40);
    await b.clock.sleep(5000);
    expect(b.book.alarms.rows.find((row) => row.stands)).toMatchObject({
      limit: "vibration-high",
      station: "s1",
    });
    expect(b.frames("sensors", 22, fromMs)).toEqual([]);
  });

  it("is not asked again when its time is over: that is an alarm, and a person returns it", async () => {
    const b = await safe();
    await b.keeper.outOfService(meter, word);
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(3 * hour);
    expect(b.frames("sensors", 22, fromMs)).toEqual([]);
    const own = "service-expired:device:vibration-2";
    expect(b.alarm(own)).toMatchObject({ state: "unacknowledged", stands: true });
    await b.book.acknowledge({ seen: b.book.alarms.revision, by: "mei" });
    await b.clock.sleep(10_000);
    expect(b.frames("sensors", 22, fromMs)).toEqual([]);
    expect(await b.keeper.returnToService(meter, "mei")).toMatchObject({ accepted: true });
    await b.clock.sleep(3000);
    expect(b.frames("sensors", 22, fromMs).length).toBeGreaterThan(0);
    expect(b.book.alarms.rows).toEqual([]);
    const told = b.events.filter(({ kind }) => kind === "service").map(({ data }) => data);
    expect(told).toMatchObject([
      { what: "device", name: "vibration-2", change: "out", reason: "new sensor" },
      { change: "expired" },
      { change: "returned" },
    ]);
  });

  it("stays out over a restart, and starts nothing meanwhile", async () => {
    const before = await safe();
    await before.keeper.outOfService(meter, word);
    const b = await safe(before.events);
    await b.clock.sleep(60_000);
    expect(b.frames("sensors", 22, 0)).toEqual([]);
    const faults = await b.rig.start();
    expect(faults.map(({ device, detail }) => `${device}: ${detail}`).join()).toMatch(
      /vibration-2: .*out of service/,
    );
  });

  it("that is another one when it is returned stays out", async () => {
    const b = await safe();
    const thermometer: Outage = { what: "device", name: "spindle" };
    await b.keeper.outOfService(thermometer, word);
    b.line("drive").refuses = () => 2;
    const answer = await b.keeper.returnToService(thermometer, "mei");
    expect(answer).toMatchObject({ accepted: false });
    expect(answer.text).toMatch(/^it stays out of service: spindle: /);
    b.line("drive").refuses = () => undefined;
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(60_000);
    expect(b.frames("drive", 1, fromMs)).toEqual([]);
  });

  it("is not called silent for the time in which nobody asked it", async () => {
    const b = kept();
    await b.rig.start();
    await b.keeper.safe("by hand");
    await b.clock.sleep(5000);
    await b.keeper.outOfService({ what: "line", name: "sensors" }, word);
    await b.clock.sleep(20_000);
    await b.keeper.returnToService({ what: "line", name: "sensors" }, "mei");
    await b.clock.sleep(10_000);
    expect(b.book.alarms.rows).toEqual([]);
  });

  it("may drive an actuator: it keeps nobody from being safe, and is looked at when it is back", async () => {
    const b = await safe();
    const drive: Outage = { what: "line", name: "drive" };
    expect(await b.keeper.outOfService(drive, word)).toMatchObject({ accepted: true });
    const fromMs = b.clock.elapsed();
    const again = await b.keeper.safe("a trip of a neighbour");
    expect(again.find(({ role }) => role === "speed")).toMatchObject({
      acted: true,
      detail: "out of service",
    });
    await b.clock.sleep(120_000);
    expect(b.frames("drive", 1, fromMs)).toEqual([]);
    expect(b.book.alarms.rows.filter((row) => row.stands)).toEqual([]);
    expect(await b.keeper.returnToService(drive, "mei")).toMatchObject({ accepted: true });
    expect(b.frames("drive", 1, fromMs).length).toBeGreaterThan(0);
    expect(b.rig.safety().find(({ role }) => role === "speed")).toMatchObject({ level: "acted" });
  });

  it("is told with the other rigs on its wire, and stays in while one of them may be energised", async () => {
    const open: string[] = [];
    const asked: (readonly string[])[] = [];
    const b = await safe([], (lines) => {
      asked.push(lines);
      return [{ rig: "two", site: "/srv/b", lines: ["sensors"], open }];
    });
    open.push("speed");
    const refused = await b.keeper.outOfService(meter, word);
    expect(refused).toMatchObject({ accepted: false });
    expect(refused.text).toBe(
      "rig two is on the same wire (line sensors), and its speed may be energised: make it safe first: wearout --site /srv/b rig safe two",
    );
    open.length = 0;
    expect((await b.keeper.outOfService(meter, word)).text).toMatch(
      /; rig two of the site \/srv\/b is on the same wire \(line sensors\): take it out of service as well$/,
    );
    expect(asked).toEqual([["sensors"], ["sensors"]]);
  });

  it("is taken out only while everything is safe, by a name that is there, with reason and time", async () => {
    const b = kept();
    await b.rig.start();
    const early = await b.keeper.outOfService(meter, word);
    expect(early).toMatchObject({ accepted: false });
    expect(early.text).toMatch(/^the rig is not safe: /);
    await b.keeper.safe("by hand");
    await b.clock.sleep(10_000);
    const refused = async (outage: Outage, more: Partial<typeof word>) =>
      (await b.keeper.outOfService(outage, { ...word, ...more })).text;
    expect(await refused({ what: "device", name: "nix" }, {})).toMatch(/no device of bearing-four/);
    expect(await refused(meter, { lengthMs: 0 })).toMatch(/for how long/);
    expect(await refused(meter, { reason: " " })).toBe("no-reason");
    const fromMs = b.clock.elapsed();
    await b.clock.sleep(3000);
    expect(b.frames("sensors", 22, fromMs).length).toBeGreaterThan(0);
    expect(await b.keeper.returnToService(meter, "mei")).toMatchObject({ accepted: false });
  });
});

describe("a bypass", () => {
  const loud = { limit: "vibration-high", station: "s2" };
  const signed = { ...word, second: "li" };

  it("keeps one limit from tripping and from keeping the rig, and ends with a trip where it still stands", async () => {
    const b = await safe();
    b.device("vibration-2").set("velocity-x", 40);
    await b.clock.sleep(5000);
    expect(b.keeper.clear("mei")).toMatch(/^still there: vibration-high/);
    expect(await b.keeper.bypass(loud, signed)).toMatchObject({ accepted: true });
    expect(b.keeper.clear("mei")).toBeUndefined();
    await b.clock.sleep(60_000);
    expect(b.keeper.state.state).toBe("Idle");
    expect(await b.keeper.restore(loud, "mei")).toMatchObject({ accepted: true });
    await b.clock.sleep(5000);
    expect(b.keeper.state).toMatchObject({ state: "Aborted" });
    const told = b.events.filter(({ kind }) => kind === "bypass").map(({ data }) => data);
    expect(told).toMatchObject([
      { limit: "vibration-high", change: "bypassed", second: "li" },
      { change: "restored" },
    ]);
  });

  it("ends by itself when its time is over, and its limit trips again", async () => {
    const b = await safe();
    await b.keeper.bypass(loud, signed);
    b.keeper.clear("mei");
    b.device("vibration-2").set("velocity-x", 40);
    await b.clock.sleep(hour - 10_000);
    expect(b.keeper.state.state).toBe("Idle");
    await b.clock.sleep(20_000);
    expect(b.keeper.state.state).toBe("Aborted");
    expect(b.events.filter(({ kind }) => kind === "bypass").at(-1)?.data).toMatchObject({
      change: "expired",
    });
  });

  it("is refused for overspeed and over-temperature, for what does not trip, and while anything may move", async () => {
    const b = await safe();
    const code = async (limit: string, station?: string) => {
      const name = station === undefined ? { limit } : { limit, station };
      const answer = await b.keeper.bypass(name, signed);
      return answer.code ?? answer.text;
    };
    expect(await code("overspeed")).toBe("may-not-be-bypassed");
    expect(await code("housing-hot", "s1")).toBe("may-not-be-bypassed");
    expect(await code("load-off")).toBe("load-off is no limit of bearing-four that trips");
    const moving = kept();
    await moving.rig.start();
    expect((await moving.keeper.bypass(loud, signed)).text).toMatch(/^the rig is not safe/);
  });

  it("is said to the run that comes to the rig, and so is that its time is over", async () => {
    const b = await safe();
    await b.keeper.bypass(loud, signed);
    const told: string[] = [];
    const nothing = async () => {};
    void b.keeper.board({
      ...{ isOver: false, abortedFor: undefined, begin: nothing, cycle: nothing, attend: nothing },
      ...{ trip: () => {}, hand: () => {}, failed: nothing, onInput: () => {} },
      fault: (text) => void told.push(text),
    });
    const bypassed =
      "s2 vibration-high is bypassed by mei with li: new sensor; exposure from here on is under it";
    expect(told).toEqual([bypassed]);
    await b.clock.sleep(hour + 10_000);
    expect(told).toEqual([bypassed, "vibration-high counts again: its bypass is over"]);
  });
});
