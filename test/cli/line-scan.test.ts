import { describe, expect, it } from "vitest";
import { unitList } from "../../src/cli/line/scan.js";
import { type ScanResult, scan, silentMs } from "../../src/cli/line/units.js";
import { loadDeviceType } from "../../src/device/load.js";
import type { Line } from "../../src/line/line.js";
import { LineQueue } from "../../src/line/queue.js";
import { SimDevice } from "../../src/sim/sim-device.js";
import { simTransport } from "../../src/sim/sim-line.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { Started, wearout } from "./command.js";
import { recording, serialPair, served, servedSerial, tapped } from "./wire.js";

type Shown = ScanResult & { complete: boolean };

describe("wearout line scan over TCP", () => {
  it("finds the device behind a gateway and its type, by reads alone", async () => {
    const module = ["advantech/adam-4150", "--unit", "7"];
    const { at, requests } = await tapped(await served(...module));
    const { status, out, talk } = await wearout("line", "scan", "--tcp", at, "--json");
    expect(status).toBe(0);
    expect(talk).toMatch(
      /^scanning 249 units: about 1 min 50 s if nobody answers, longer where somebody does; Ctrl-C stops\n/,
    );
    expect(talk).toMatch(/100 %, 1 answered\n$/);
    const { found, complete } = JSON.parse(out) as Shown;
    expect(complete).toBe(true);
    expect(found.map(({ unit }) => unit)).toEqual([7]);
    expect(found[0]?.maybe[0]).toEqual({ type: "advantech/adam-4150", sure: true });
    expect(requests.length).toBeGreaterThan(2 * 246);
    for (const request of requests) expect([1, 2, 3, 4]).toContain(request[7]);
  });

  it("takes a refusal for an answer, but not a gateway's word that nobody is there", async () => {
    const { at, requests } = await recording((pdu) => {
      const [unit = 0, code = 0] = pdu;
      if (unit === 3) return [3, code | 0x80, 2];
      if (unit === 4 && code === 4) return [4, 4, 2, 1, 0];
      return [unit, code | 0x80, unit === 4 ? 10 : 11];
    });
    const { status, out } = await wearout("line", "scan", "--tcp", at, "--unit", "1-5");
    expect(status).toBe(0);
    expect(out).toMatch(
      /^baud +format +unit +answered +may be\n- +- +3 +holding 0: exception 2: illegal data address +-\n- +- +4 +input 0 = 256 +-\n$/,
    );
    for (const request of requests) expect([1, 2, 3, 4]).toContain(request[7]);
  });

  it("stops at Ctrl-C and prints what it has found so far", async () => {
    const { at, requests } = await recording((pdu) =>
      pdu[0] === 1 ? [1, 0x80 + pdu[1]!, 1] : undefined,
    );
    const process = new Started(["line", "scan", "--tcp", at, "--json"]);
    await process.heard(/( %, .* left, 1 answered)/);
    const { status, out, talk } = await process.interrupt();
    expect(status).toBe(0);
    expect(talk).toMatch(/interrupted: \d+ of 249 were asked\n$/);
    const { found, complete, asked } = JSON.parse(out) as Shown;
    expect(complete).toBe(false);
    expect(asked).toBeLessThan(249);
    expect(found.map(({ unit }) => unit)).toEqual([1]);
    for (const request of requests) expect([1, 2, 3, 4]).toContain(request[7]);
  });

  it("says so when nobody answers, and ends with 4 where nobody listens", async () => {
    const { at } = await recording(() => undefined);
    const scan = ["line", "scan", "--tcp", at, "--unit", "9", "--turnaround", "10"];
    const { status, out, talk } = await wearout(...scan);
    expect(talk).toContain("nobody answered");
    expect({ status, out }).toEqual({ status: 0, out: "" });
    const gone = await wearout("line", "scan", "--tcp", "127.0.0.1:1");
    expect(gone).toMatchObject({ status: 4, out: "" });
  });
});

describe("a gateway that answers for another unit", () => {
  it("is found when its answers are tolerated, and says by what", async () => {
    const { at } = await recording((pdu) => [0, pdu[1]!, 2, 0, 7]);
    const scan = ["line", "scan", "--tcp", at, "--unit", "5"];
    const strict = await wearout(...scan);
    expect(strict.talk).toContain("tolerate: [unit]");
    expect(strict.out).toBe("");
    const { status, out } = await wearout(...scan, "--tolerate", "unit");
    expect(status).toBe(0);
    expect(out).toContain("holding 0 = 7");
    const read = ["line", "read", "--tcp", at, "--unit", "5", "holding", "0", "1"];
    expect(await wearout(...read)).toMatchObject({ status: 4 });
    expect(await wearout(...read, "--tolerate", "unit")).toMatchObject({ status: 0 });
  });

  it("is nothing that a wire could have: --tolerate is refused there", async () => {
    for (const verb of [["scan"], ["read", "holding", "0", "1"]]) {
      const refused = await wearout("line", ...verb, "--serial", "/dev/x", "--tolerate", "unit");
      expect(refused).toMatchObject({ status: 2, out: "" });
      expect(refused.talk).toContain('--tolerate: found "unit" for a line that speaks RTU');
    }
  });
});

describe("wearout line scan over serial", () => {
  it("finds unit, baud and format on a serial pair, where there is one", async (test) => {
    const pair = await serialPair();
    if (pair === undefined) {
      await test.annotate("no serial pair can be made here");
      return;
    }
    const { far, near, sent } = pair;
    const wire = ["--baud", "57600", "--format", "8E1", "--unit", "3", "--set", "pv=62"];
    await servedSerial("omron/e5cc", "--serial", far, ...wire);
    const { status, out, talk } = await wearout(
      ...["line", "scan", "--serial", near, "--baud", "57600", "--format", "8E1"],
      ...["--unit", "2-4", "--json"],
    );
    expect(status, talk).toBe(0);
    const { found } = JSON.parse(out) as Shown;
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ baud: 57600, format: "8E1", unit: 3 });
    expect(found[0]?.maybe).toContainEqual({ type: "omron/e5cc", sure: false });
    expect(sent.length).toBeGreaterThan(4);
    for (const frame of sent) expect([1, 2, 3, 4]).toContain(frame[1]);
  });
});

describe("a unit that answered", () => {
  it("is known by its type even when any one answer about its identity is lost", async () => {
    const type = loadDeviceType("advantech/adam-4150", ["devices"]);
    const identity = new Set(type.identify.map(({ point }) => type.points[point]?.address));
    expect(identity.size).toBeGreaterThan(0);
    for (const lost of identity) {
      const clock = new VirtualClock(0);
      const wire = { baud: 9600, bitsPerChar: 10 };
      const transport = simTransport(new Map([[7, new SimDevice(type, {}, 7)]]), clock, wire);
      const line: Line = new LineQueue("scan", transport, clock);
      const exchange = line.exchange.bind(line);
      let losses = 0;
      line.exchange = async (unit, request, timing, lane) => {
        const reply = await exchange(unit, request, timing, lane);
        if (request.address !== lost || losses++ > 0) return reply;
        return { ok: false, fault: "timeout", detail: "lost", at: reply.at };
      };
      const port = { open: async () => line, stopped: () => false, progress: () => {} };
      const spec = { serial: "/dev/x", baud: 9600, format: "8N1" } as const;
      const job = { specs: [spec], units: [7], types: [type], turnaroundMs: 20 };
      const { found } = await scan(job, port);
      expect(losses).toBeGreaterThan(0);
      expect(found[0]?.maybe).toEqual([{ type: "advantech/adam-4150", sure: true }]);
    }
  });
});

describe("what a scan is asked for", () => {
  it("is a list of units, each once", () => {
    expect(unitList("1,5,10-12,11", false)).toEqual([1, 5, 10, 11, 12]);
    for (const bad of ["0", "248", "255", "5-1", "1-2-3", "a", ""]) {
      expect(() => unitList(bad, false), bad).toThrow(/--unit/);
    }
  });

  it("over TCP the server itself may be one of them: 0 and 255", () => {
    expect(unitList("0,5,255", true)).toEqual([0, 5, 255]);
    for (const bad of ["256", "5-1", ""]) expect(() => unitList(bad, true), bad).toThrow(/--unit/);
  });

  it("is estimated as if nobody answered", () => {
    const units = [1, 2];
    const serial = { serial: "/dev/x", baud: 9600, format: "8N1" } as const;
    const job = { units, types: [], turnaroundMs: 100 };
    // T3.5 3.65 ms, request 8.33 ms, reply 7.29 ms, turnaround 100 ms, allowance 20 ms.
    expect(silentMs({ ...job, specs: [serial] })).toBeCloseTo(4 * 139.27, 0);
    expect(silentMs({ ...job, specs: [{ tcp: "a:1" }] })).toBe(4 * 220);
  });
});
