import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { plausibleDecodings } from "../../src/cli/decoding.js";
import type { Example } from "../../src/device/device-type.js";
import { verifyExample } from "../../src/device/example.js";
import { loadDeviceType } from "../../src/device/load.js";
import { root, wearout } from "./command.js";
import { recording, serialPair, served, servedSerial, tapped } from "./wire.js";

type Probe = {
  identity: { verdict: string; detail: string };
  points: {
    point: string;
    words?: number[];
    value?: number | string | null;
    quality?: string;
    fault?: string;
    decodings?: { as: string; order?: string; value: number }[];
  }[];
};

const types = [`${root}devices`];

async function probe(type: string, at: string, unit: number, ...more: string[]) {
  const where = ["--tcp", at, "--unit", String(unit), "--json", ...more];
  const said = await wearout("device", "probe", type, ...where);
  return { ...said, shown: said.out === "" ? undefined : (JSON.parse(said.out) as Probe) };
}

describe("wearout device probe", () => {
  it("shows every readable point raw, decoded and as the type has it, by reads alone", async () => {
    const meter = ["eastron/sdm630", "--unit", "5", "--set", "voltage-l1=231.5"];
    const { at, requests } = await tapped(await served(...meter));
    const { status, shown } = await probe("eastron/sdm630", at, 5);
    expect(status).toBe(0);
    expect(shown?.identity.verdict).toBe("weak");
    const { points } = loadDeviceType("eastron/sdm630", types);
    const readable = Object.keys(points).filter((name) => points[name]?.access !== "write");
    expect(shown?.points.map(({ point }) => point)).toEqual(readable);
    const [voltage] = shown?.points ?? [];
    expect(voltage).toMatchObject({ words: [0x4367, 0x8000], value: 231.5, quality: "good" });
    expect(voltage?.decodings).toContainEqual({ as: "f32", order: "ABCD", value: 231.5 });
    expect(voltage?.decodings).toContainEqual({ as: "u32", order: "CDAB", value: 0x80004367 });
    expect(requests.length).toBeLessThan(readable.length);
    for (const request of requests) expect([1, 2, 3, 4]).toContain(request[7]);
  });

  it("fits a terminal of 80 columns, whatever a point holds", async () => {
    for (const [type, unit] of [
      ["eastron/sdm630", 5],
      ["delta/asda-a2", 7],
      ["omron/e5cc", 2],
    ] as const) {
      const at = await served(type, "--unit", String(unit));
      const { out } = await wearout("device", "probe", type, "--tcp", at, "--unit", String(unit));
      const lines = out.split("\n");
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });

  it("puts the identity first, and takes a scaled point's factor from its register", async () => {
    const at = await served(
      "omron/e5cc",
      "--unit",
      "2",
      "--set",
      "decimal-point=1",
      "--set",
      "pv=-1.2",
    );
    const { status, out } = await wearout(
      "device",
      "probe",
      "omron/e5cc",
      "--tcp",
      at,
      "--unit",
      "2",
    );
    expect(status).toBe(0);
    expect(out).toMatch(/^identity: plausible \(/);
    expect(out).toMatch(
      /\npv +holding 0x2000 +-1\.2 degC\n {4}raw FFF4 as s16; may also be u16 65524 s16 -12\n/,
    );
    expect(out).toMatch(/\nstatus +holding 0x2001 +0 \(none of its bits\)\n/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("does not call a unit a stranger whose identity register was not answered", async () => {
    const { at } = await recording((pdu) =>
      pdu.readUInt16BE(2) === 0x2410 ? undefined : [2, 0x83, 2],
    );
    const { status, talk } = await probe("omron/e5cc", at, 2, "--turnaround", "20");
    expect(status).toBe(4);
    expect(talk).toBe(
      "wearout: unit 2 did not say whether it is a omron/e5cc: decimal-point: timeout: no answer\n",
    );
  });

  it("reads point by point what the device refuses as a block", async () => {
    const { at } = await recording((pdu) => {
      const address = pdu.readUInt16BE(2);
      if (pdu.readUInt16BE(4) > 1 || address === 0x2001) return [2, (pdu[1] ?? 0) | 0x80, 2];
      return [2, 3, 2, 0, address === 0x2410 ? 0 : 7];
    });
    const { status, shown } = await probe("omron/e5cc", at, 2);
    expect(status).toBe(0);
    const of = (name: string) => shown?.points.find(({ point }) => point === name);
    expect(of("pv")).toMatchObject({ words: [7], value: 7 });
    expect(of("status")?.fault).toBe("exception 2: illegal data address");
    expect(of("set-point-now")).toMatchObject({ words: [7] });
  });

  it("ends with 4 for a device of another type, after showing what it reads", async () => {
    const at = await served("advantech/adam-4024", "--unit", "1");
    const { status, shown, talk } = await probe("advantech/adam-4150", at, 1);
    expect(status).toBe(4);
    expect(shown?.identity.verdict).toBe("wrong");
    expect(talk).toMatch(
      /unit 1 is no advantech\/adam-4150: module-name is 16420, expected 16720\n$/,
    );
  });

  it("ends with 4 and shows nothing when nobody answers", async () => {
    const { at } = await recording(() => undefined);
    const { status, out, talk } = await probe("omron/e5cc", at, 2, "--turnaround", "5");
    expect({ status, out }).toEqual({ status: 4, out: "" });
    expect(talk).toBe("wearout: unit 2: timeout: no answer\n");
  });

  it("leaves values open whose full scale nobody said", async () => {
    const at = await served("star/ceybnj12", "--unit", "1", "--set", "torque=50");
    const torque = (shown?: Probe) => shown?.points.find(({ point }) => point === "torque");
    const open = await probe("star/ceybnj12", at, 1);
    expect(torque(open.shown)).toMatchObject({ point: "torque", value: null });
    expect(open.talk).toMatch(/unknown without --parameter full-scale=/);
    const given = await probe("star/ceybnj12", at, 1, "--parameter", "full-scale=200Nm");
    expect(given.talk).toBe("");
    expect(torque(given.shown)?.value).toBeCloseTo(100, 9);
  });

  it("takes baud, format and unit of the type where they are not given, over serial", async (test) => {
    const pair = await serialPair();
    if (pair === undefined) {
      await test.annotate("no serial pair can be made here");
      return;
    }
    await servedSerial("omron/e5cc", "--serial", pair.far, "--set", "pv=62");
    const { status, out } = await wearout(
      "device",
      "probe",
      "omron/e5cc",
      "--serial",
      pair.near,
      "--json",
    );
    expect(status).toBe(0);
    expect((JSON.parse(out) as Probe).points[0]).toMatchObject({ point: "pv", value: 62 });
    for (const frame of pair.sent) expect([1, 2, 3, 4]).toContain(frame[1]);
  });
});

describe("wearout device capture", () => {
  async function captured(type: string, at: string, unit: number, points: string) {
    const where = ["--tcp", at, "--unit", String(unit), "--points", points];
    const said = await wearout("device", "capture", type, ...where);
    const examples = (parse(said.out) as { examples: Example[] } | null)?.examples ?? [];
    return { ...said, examples };
  }

  const sets: [string, string[], string, number][] = [
    ["eastron/sdm630", ["voltage-l1=230.2"], "voltage-l1,frequency", 2],
    ["omron/e5cc", ["decimal-point=1", "pv=-1.2"], "pv,status,sp", 3],
    ["witmotion/wtvb01-485", ["acceleration-x=1"], "acceleration-x,acceleration-y", 1],
    ["advantech/adam-4150", ["input-0=1"], "input-0,input-1,module-name", 2],
  ];
  for (const [type, settings, points, entries] of sets) {
    it(`gives examples of ${type} that its file's check confirms`, async () => {
      const at = await served(type, "--unit", "3", ...settings.flatMap((s) => ["--set", s]));
      const { status, examples } = await captured(type, at, 3, points);
      expect(status).toBe(0);
      expect(examples).toHaveLength(entries);
      for (const example of examples) {
        expect(example.from).toMatch(/^captured \d{4}-\d\d-\d\d from unit 3 over Modbus TCP/);
        expect(Object.keys(example.means ?? {}).length).toBeGreaterThan(0);
        expect(verifyExample(loadDeviceType(type, types), example, [])).toEqual([]);
      }
    });
  }

  it("captures a refusal as the exception it is", async () => {
    const { at } = await recording((pdu) =>
      pdu.readUInt16BE(2) === 0x2410 ? [2, 3, 2, 0, 0] : [2, 0x83, 4],
    );
    const { examples } = await captured("omron/e5cc", at, 2, "status");
    expect(examples).toHaveLength(1);
    expect(examples[0]).toMatchObject({ exception: 4, reads: ["status"] });
    const [example] = examples;
    if (example === undefined) throw new Error("no example");
    expect(verifyExample(loadDeviceType("omron/e5cc", types), example, [])).toEqual([]);
  });

  it("gives nothing of a device of another type, and of a point that is none", async () => {
    const at = await served("advantech/adam-4024", "--unit", "1");
    const other = await captured("advantech/adam-4150", at, 1, "input-0");
    expect(other).toMatchObject({ status: 4, out: "" });
    const none = await captured("omron/e5cc", at, 1, "pvv");
    expect(none).toMatchObject({ status: 2, out: "" });
    expect(none.talk).toMatch(/--points: found "pvv"/);
  });
});

describe("what registers may mean", () => {
  it("is every whole number in every order, once, and floats of a size that occurs", () => {
    expect(plausibleDecodings([0xfff4])).toEqual([
      { as: "u16", value: 65524 },
      { as: "s16", value: -12 },
    ]);
    expect(plausibleDecodings([5])).toEqual([{ as: "u16", value: 5 }]);
    expect(plausibleDecodings([0, 1])).toEqual([
      { as: "u32", order: "ABCD", value: 1 },
      { as: "u32", order: "CDAB", value: 65536 },
      { as: "u32", order: "BADC", value: 256 },
      { as: "u32", order: "DCBA", value: 0x01000000 },
    ]);
  });
});
