import { describe, expect, it } from "vitest";
import { bad, good, held, sentinel, stale } from "../../../src/base/sample.js";
import { bench } from "./bench.js";

describe("sampling", () => {
  it("columns are the rig's roles, then each station's, in file order", () => {
    const { rig } = bench();
    expect(rig.columns.map((c) => c.name)).toEqual([
      ...["speed", "load", "power"],
      ...["s1.housing-temperature", "s1.vibration", "s2.housing-temperature", "s2.vibration"],
      ...["s3.housing-temperature", "s3.vibration", "s4.housing-temperature", "s4.vibration"],
    ]);
    expect(rig.columns[3]).toEqual({
      name: "s1.housing-temperature",
      role: "housing-temperature",
      station: "s1",
      dimension: "temperature",
      unit: "degC",
    });
  });

  it("register words become canonical values of the roles", async () => {
    const { rig, device, column } = bench();
    device("spindle").set("running-speed", 1234);
    device("hydraulics").set("output-0", 12);
    device("thermometer-2").set("decimal-point", 1);
    device("thermometer-2").set("pv", 62.5);
    device("vibration-3").set("velocity-x", 7);
    device("meter").set("total-power", 1500);
    const sample = await rig.sample(5);
    expect(sample.cycle).toBe(5);
    expect(sample.values[column("speed")]).toBe(1234);
    // 12 mA is the middle of 4 to 20 mA; the module's steps of 1/4095 show.
    expect(sample.values[column("load")]).toBeCloseTo(6000, -1);
    expect(sample.values[column("s2.housing-temperature")]).toBe(62.5);
    expect(sample.values[column("s3.vibration")]).toBe(7);
    expect(sample.values[column("power")]).toBe(1500);
    expect([...sample.quality].every((q) => q === good)).toBe(true);
  });

  it("a sample bears the time at which its cycle began, and later samples never touch it", async () => {
    const { rig, clock, device, column } = bench();
    await clock.sleep(700);
    device("spindle").set("running-speed", 100);
    const first = await rig.sample(0);
    expect(first.at).toBe(700);
    device("spindle").set("running-speed", 200);
    const second = await rig.sample(1);
    expect(first.values[column("speed")]).toBe(100);
    expect(second.values[column("speed")]).toBe(200);
    expect(second.at).toBeGreaterThan(first.at);
  });

  it("lines work side by side: a cycle lasts as long as its slowest line", async () => {
    const { rig, clock, line } = bench();
    line("drive").delayMs = 30;
    line("io").delayMs = 5;
    await rig.sample(0);
    const sensors = line("sensors").sent.length;
    expect(clock.elapsed()).toBe(Math.max(30, sensors));
  });

  it("what may be the answer to another question is stale: no value, not even the one before", async () => {
    const { rig, line, device, column } = bench();
    device("vibration-1").set("velocity-x", 3);
    await rig.sample(0);
    line("sensors").stale.add(21);
    const { values, quality } = await rig.sample(1);
    expect([values[column("s1.vibration")], quality[column("s1.vibration")]]).toEqual([
      Number.NaN,
      stale,
    ]);
    line("sensors").stale.clear();
    const after = await rig.sample(2);
    expect(after.quality[column("s1.vibration")]).toBe(good);
  });

  it("a silent device holds its last good value for less than three cycles, then is bad", async () => {
    const { rig, clock, line, device, column } = bench();
    device("vibration-1").set("velocity-x", 3);
    await rig.sample(0);
    line("sensors").dead.add(21);
    const seen: [number, number][] = [];
    for (let cycle = 1; cycle <= 5; cycle++) {
      await clock.sleep(cycle * 1000 - clock.elapsed());
      const { values, quality } = await rig.sample(cycle);
      seen.push([values[column("s1.vibration")]!, quality[column("s1.vibration")]!]);
    }
    expect(seen.slice(0, 2)).toEqual([
      [3, held],
      [3, held],
    ]);
    expect(seen.slice(3)).toEqual([
      [Number.NaN, bad],
      [Number.NaN, bad],
    ]);
  });

  it("a device that never answered is bad from the start, its neighbours are good", async () => {
    const { rig, line, column } = bench();
    line("sensors").dead.add(21);
    const { values, quality } = await rig.sample(0);
    expect(quality[column("s1.vibration")]).toBe(bad);
    expect(values[column("s1.vibration")]).toBeNaN();
    expect(quality[column("s2.vibration")]).toBe(good);
  });

  it("a dead device is soon asked only now and then, and found again when it answers", async () => {
    const { rig, clock, line, column } = bench();
    line("sensors").dead.add(21);
    for (let cycle = 0; cycle < 60; cycle++) {
      await clock.sleep(Math.max(0, cycle * 1000 - clock.elapsed()));
      await rig.sample(cycle);
    }
    const asked = line("sensors").sent.filter((s) => s.unit === 21);
    expect(asked.length).toBeLessThan(12);
    expect(asked.at(-1)?.lane).toBe("probe");
    line("sensors").dead.clear();
    let quality: number | undefined;
    for (let cycle = 60; cycle < 95; cycle++) {
      await clock.sleep(Math.max(0, cycle * 1000 - clock.elapsed()));
      quality = (await rig.sample(cycle)).quality[column("s1.vibration")];
    }
    expect(quality).toBe(good);
    expect(line("sensors").sent.findLast((s) => s.unit === 21)?.lane).toBe("fast");
  });

  it("all dead devices of a line together cost it 5 % of its time at most", async () => {
    const { rig, clock, line } = bench();
    line("sensors").timeoutMs = 900;
    for (const unit of [11, 21, 22]) line("sensors").dead.add(unit);
    for (let cycle = 0; cycle < 2000; cycle++) {
      await clock.sleep(Math.max(0, cycle * 1000 - clock.elapsed()));
      await rig.sample(cycle);
    }
    const probes = line("sensors").sent.filter((s) => s.lane === "probe");
    expect(probes.length).toBeGreaterThan(30);
    expect(probes.length * 900).toBeLessThan(0.05 * clock.elapsed());
    const waits = probes.map((p) => (p.unit === 21 ? p.at : Number.NaN)).filter((at) => at > 0);
    expect(waits.at(-1)! - waits.at(-2)!).toBeLessThan(70_000);
  });

  it("a device that refuses a read without holes is read value by value from then on", async () => {
    const { rig, device, line, column } = bench();
    device("thermometer-1").set("pv", 55);
    const at = column("s1.housing-temperature");
    line("sensors").mostRegisters = 1;
    const longest = async (cycle: number) => {
      line("sensors").sent.length = 0;
      await rig.sample(cycle);
      return Math.max(
        ...line("sensors").sent.map((s) => Number("count" in s.request && s.request.count)),
      );
    };
    expect(await longest(0)).toBe(2);
    expect(await longest(1)).toBe(1);
    expect(await longest(2)).toBe(1);
    const sample = await rig.sample(3);
    expect([sample.values[at], sample.quality[at]]).toEqual([55, good]);
  });

  it("the device's own fault bit makes its value bad at once, not held", async () => {
    const { rig, device, column } = bench();
    device("thermometer-1").set("pv", 55);
    await rig.sample(0);
    device("thermometer-1").set("status", 1 << 6);
    const { values, quality } = await rig.sample(1);
    expect(quality[column("s1.housing-temperature")]).toBe(bad);
    expect(values[column("s1.housing-temperature")]).toBeNaN();
  });

  it("a float that is not a number is the device's own 'no value'", async () => {
    const { rig, line, column } = bench();
    line("io").says.set(41, [0x7fc0, 0]);
    const { values, quality } = await rig.sample(0);
    expect(quality[column("power")]).toBe(sentinel);
    expect(values[column("power")]).toBeNaN();
  });

  it("the time of the last good reading stays where it was while a device is silent", async () => {
    const { rig, clock, line, column } = bench();
    const at = column("s1.vibration");
    expect(rig.lastGoodAt(at)).toBeNaN();
    await rig.sample(0);
    const first = rig.lastGoodAt(at);
    expect(first).toBeGreaterThan(0);
    line("sensors").dead.add(21);
    await clock.sleep(1000);
    await rig.sample(1);
    expect(rig.lastGoodAt(at)).toBe(first);
    expect(rig.lastGoodAt(column("s2.vibration"))).toBeGreaterThan(first);
  });

  it("derived columns follow their inputs; at standstill an efficiency is not defined", async () => {
    const { rig, device, column } = bench("harmonic-one");
    device("torque-in").set("torque", 0.5);
    device("torque-in").set("speed", 2000);
    device("torque-out").set("torque", 40);
    device("torque-out").set("speed", 20);
    const turning = await rig.sample(0);
    expect(turning.values[column("efficiency")]).toBeCloseTo(0.8, 9);
    expect(turning.quality[column("efficiency")]).toBe(good);
    device("torque-in").set("speed", 0);
    const still = await rig.sample(1);
    expect(still.quality[column("efficiency")]).toBe(bad);
    // Its inputs are fresh, so nobody may call it stale.
    expect(rig.lastGoodAt(column("efficiency"))).toBe(rig.lastGoodAt(column("input-torque")));
  });
});

describe("sampling a busy device (L8)", () => {
  it("what was refused as busy is asked for once more at the end of the round, however regularly it is", async () => {
    const { rig, line } = bench();
    await rig.sample(0);
    const blocks = line("sensors").sent.length;
    let n = 0;
    line("sensors").refuses = () => (n++ % blocks === 1 ? 6 : undefined);
    expect([...(await rig.sample(1)).quality].every((q) => q === good)).toBe(true);
    expect(n).toBe(blocks + 1);
  });

  it("a rhythm that meets the second question as well does not meet the third", async () => {
    const { rig, line } = bench();
    await rig.sample(0);
    const blocks = line("sensors").sent.length;
    let n = 0;
    line("sensors").refuses = () => ([1, blocks].includes(n++) ? 6 : undefined);
    expect([...(await rig.sample(1)).quality].every((q) => q === good)).toBe(true);
    expect(n).toBe(blocks + 2);
  });

  it("one that stays busy costs two questions more and two pauses, and gives no reading", async () => {
    const { clock, rig, line, column } = bench();
    line("drive").refuses = () => 6;
    const sample = await rig.sample(0);
    expect(sample.quality[column("speed")]).toBe(bad);
    expect(line("drive").sent).toHaveLength(3);
    expect(clock.elapsed()).toBeLessThan(110);
  });
});
