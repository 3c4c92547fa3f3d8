import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { type Faults, noFaults } from "../../../src/sim/fault.js";
import { Injector } from "../../../src/sim/injector.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { exampleDevice } from "./example-type.js";

function setUp(wanted: Partial<Faults>) {
  const clock = new VirtualClock(0);
  const faults = { ...noFaults, ...wanted };
  const injector = new Injector(faults, randomStream(1, "injector"), clock);
  /** Nothing new begins from here on. */
  const calm = () => Object.assign(faults, { busyShare: 0, dropoutShare: 0, unplugShare: 0 });
  return { clock, faults, injector, calm };
}

describe("faults that last for a time", () => {
  it("hold the unit that drew them, until their time is over", async () => {
    const { clock, injector, calm } = setUp({ dropoutShare: 1, dropoutMs: 100 });
    expect(injector.next(1, undefined)).toBe("dropout");
    calm();
    expect(injector.next(2, undefined)).toBeUndefined();
    await clock.sleep(99);
    expect(injector.next(1, undefined)).toBe("dropout");
    await clock.sleep(1);
    expect(injector.next(1, undefined)).toBeUndefined();
  });

  it("keep a device busy, and the whole line unplugged", async () => {
    const busy = setUp({ busyShare: 1, busyMs: 50 });
    expect(busy.injector.next(1, undefined)).toBe("busy");
    busy.calm();
    expect(busy.injector.next(1, undefined)).toBe("busy");
    await busy.clock.sleep(50);
    expect(busy.injector.next(1, undefined)).toBeUndefined();
    const gone = setUp({ unplugShare: 1, unplugMs: 50 });
    expect(gone.injector.unplugged).toBe(false);
    expect(gone.injector.next(1, undefined)).toBe("unplug");
    gone.calm();
    expect([gone.injector.unplugged, gone.injector.next(2, undefined)]).toEqual([true, "unplug"]);
    await gone.clock.sleep(50);
    expect([gone.injector.unplugged, gone.injector.next(2, undefined)]).toEqual([false, undefined]);
  });

  it("freeze what a device measures, and nothing that is written to it", async () => {
    const { clock, faults, injector } = setUp({ stuckShare: 1, stuckMs: 100 });
    const device = exampleDevice();
    const probe = device.indexOf("probe");
    device.setIndex(probe, 20);
    expect(injector.next(1, device)).toBeUndefined();
    faults.stuckShare = 0;
    device.setIndex(probe, 30);
    device.handle({ kind: "write", table: "holding", address: 107, values: [1], single: true });
    expect([device.get("probe"), device.get("command")]).toEqual([20, 1]);
    await clock.sleep(100);
    expect(injector.next(1, device)).toBeUndefined();
    device.setIndex(probe, 30);
    expect(device.get("probe")).toBe(30);
  });

  it("do not touch a device that is frozen by somebody else", async () => {
    const { injector } = setUp({});
    const device = exampleDevice();
    device.stuck = true;
    expect(injector.next(1, device)).toBeUndefined();
    expect(device.stuck).toBe(true);
  });
});
