import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadDeviceType } from "../../../src/device/load.js";
import type { Request } from "../../../src/device/request.js";
import { SimDevice } from "../../../src/sim/sim-device.js";
import { startWatchdog } from "../../../src/sim/sim-watchdog.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { exampleDevice } from "./example-type.js";

const devices = fileURLToPath(new URL("../../../../devices", import.meta.url));

const word = (address: number, value: number): Request => ({
  kind: "write",
  table: "holding",
  address,
  values: [value],
  single: true,
});
const readStatus: Request = { kind: "read", table: "holding", address: 3, count: 1 };

/** A running drive whose watchdog is armed at 3 s, fed by writes of control word and reference. */
function drive() {
  const clock = new VirtualClock(0);
  const device = new SimDevice(loadDeviceType("abb/acs580", [devices]), {}, 1);
  device.set("comm-loss-action", "fault-always");
  device.set("comm-loss-mode", "control-word-or-reference");
  device.set("comm-loss-time", 3);
  const watchdog = startWatchdog(device, clock, 2000)!;
  const run = () => device.handle(word(0, 0x047f));
  return { clock, device, watchdog, run };
}

describe("a simulated watchdog", () => {
  it("takes a silent controller's drive to its safe state after its time, and shows it", async () => {
    const { clock, device, watchdog, run } = drive();
    run();
    await clock.sleep(2999);
    expect([device.get("tripped"), device.activeSetpoint(0)]).toEqual([0, 0]);
    await clock.sleep(2);
    expect([device.get("tripped"), device.activeSetpoint(0)]).toEqual([1, undefined]);
    expect(watchdog.actedAt).toEqual([3000]);
    watchdog.stop();
  });

  it("is kept alive by what feeds it and by nothing else", async () => {
    const { clock, device, watchdog, run } = drive();
    for (let i = 0; i < 5; i++) {
      run();
      await clock.sleep(2000);
    }
    expect(watchdog.actedAt).toEqual([]);
    for (let i = 0; i < 5; i++) {
      device.handle(readStatus);
      await clock.sleep(1000);
    }
    expect(watchdog.actedAt).toEqual([11_000]);
    watchdog.stop();
  });

  it("does nothing before the first feeding, and nothing while it is switched off", async () => {
    const { clock, device, watchdog, run } = drive();
    await clock.sleep(10_000);
    device.set("comm-loss-action", "no-action");
    run();
    await clock.sleep(10_000);
    device.set("comm-loss-action", "fault-always");
    device.set("comm-loss-time", 0);
    run();
    await clock.sleep(10_000);
    expect(watchdog.actedAt).toEqual([]);
    device.set("comm-loss-time", 1);
    run();
    await clock.sleep(1500);
    expect(watchdog.actedAt).toHaveLength(1);
    watchdog.stop();
  });

  it("is fed by any request where the type names nothing else", async () => {
    const clock = new VirtualClock(0);
    const device = new SimDevice(loadDeviceType("pixsys/drr245", [devices]), {}, 1);
    device.set("offline-time", 5000);
    const watchdog = startWatchdog(device, clock, 2000)!;
    device.handle(word(1016, 1));
    await clock.sleep(4000);
    device.handle({ kind: "read", table: "holding", address: 1000, count: 1 });
    await clock.sleep(4500);
    expect([watchdog.actedAt.length, device.get("operation")]).toEqual([0, 1]);
    await clock.sleep(600);
    expect([watchdog.actedAt.length, device.get("operation")]).toEqual([1, 0]);
    watchdog.stop();
  });

  it("is not there where the type has none", () => {
    expect(startWatchdog(exampleDevice(), new VirtualClock(0), 2000)).toBeUndefined();
  });
});
