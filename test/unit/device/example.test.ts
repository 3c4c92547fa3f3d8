import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../src/base/error.js";
import type { Example } from "../../../src/device/device-type.js";
import { verifyExample } from "../../../src/device/example.js";
import { loadDeviceType } from "../../../src/device/load.js";
import { changed, parseSample } from "./sample-type.js";

const devices = fileURLToPath(new URL("../../../../devices", import.meta.url));

function verify(name: string, example: Omit<Example, "from">): string[] {
  const findings = verifyExample(loadDeviceType(name, [devices]), { from: "test", ...example }, []);
  return findings.map((f) => `${f.path.join(".")}: ${f.found} | ${f.expected}`);
}

const a2 = {
  request: "01 10 01 12 00 02 04 0B B8 00 00 FC EB",
  reply: "01 10 01 12 00 02 E0 31",
};
const meter = { request: "01 04 00 00 00 02 71 CB", reply: "01 04 04 43 66 33 34 1B 38" };

describe("an example", () => {
  it("the wrongly printed CRC of the WTVB01 manual is refused and the right one named", () => {
    const printed = "50 06 00 65 00 64 14 53";
    const claim = { writes: { "detection-cycle": 100 } };
    expect(verify("witmotion/wtvb01-485", { request: printed, ...claim })).toEqual([
      "request: CRC 14 53 | CRC 95 BF",
    ]);
    const right = printed.replace("14 53", "95 BF");
    expect(verify("witmotion/wtvb01-485", { request: right, ...claim })).toEqual([]);
  });

  it("must be what our write rules send", () => {
    expect(verify("delta/asda-a2", { ...a2, writes: { "speed-setpoint": 300 } })).toEqual([]);
    const [wrong] = verify("delta/asda-a2", { ...a2, writes: { "speed-setpoint": 3000 } });
    expect(wrong).toMatch(/^request: .*0B B8 00 00 FC EB \| 01 10 01 12 00 02 04 75 30/);
  });

  it("must be what our reads ask for", () => {
    expect(
      verify("eastron/sdm630", { ...meter, reads: ["voltage-l1"], means: { "voltage-l1": 230.2 } }),
    ).toEqual([]);
    const [wrong] = verify("eastron/sdm630", { request: meter.request, reads: ["voltage-l2"] });
    expect(wrong).toMatch(/^request: .* \| 01 04 00 02 00 02/);
  });

  it("must mean what the words say", () => {
    expect(verify("eastron/sdm630", { ...meter, means: { "voltage-l1": 231 } })[0]).toMatch(
      /means.voltage-l1: 231 \| 230.2/,
    );
    expect(verify("eastron/sdm630", { ...meter, means: { "voltage-l3": 230.2 } })[0]).toMatch(
      /outside the words/,
    );
  });

  it("a word must be the enum's", () => {
    const words = { table: "holding" as const, address: 0x3000, words: [2] };
    const of = (state: string) => verify("inovance/md-dialect", { ...words, means: { state } });
    expect(of("reverse")).toEqual([]);
    expect(of("forward")[0]).toMatch(/means.state/);
    expect(of("revers")[0]).toMatch(/"reverse"/);
  });

  it("an exception must carry the code it claims", () => {
    const reply = "01 86 02 C3 A1";
    expect(verify("delta/asda-a2", { reply, exception: 2 })).toEqual([]);
    expect(verify("delta/asda-a2", { reply, exception: 3 })[0]).toMatch(/2, as the reply says/);
    expect(verify("delta/asda-a2", { reply: a2.reply, exception: 2 })[0]).toMatch(/5 bytes/);
  });

  it("that verifies nothing is a problem", () => {
    expect(verify("delta/asda-a2", {})[0]).toMatch(/verifies nothing/);
    expect(verify("delta/asda-a2", a2)[0]).toMatch(/verifies nothing/);
    expect(verify("eastron/sdm630", { means: { "voltage-l1": 1 } })[0]).toMatch(/a reply frame/);
    expect(verify("eastron/sdm630", { reads: ["voltage-l1"] })[0]).toMatch(/request frame/);
    expect(
      verify("eastron/sdm630", { reply: meter.reply, means: { "voltage-l1": 230.2 } })[0],
    ).toMatch(/request it answers/);
  });

  it("garbled bytes, unknown points and a reply of somebody else are problems", () => {
    expect(verify("eastron/sdm630", { request: "01 04 zz", reads: ["voltage-l1"] })[0]).toMatch(
      /hex bytes/,
    );
    expect(verify("eastron/sdm630", { ...meter, means: { "voltage-l4": 1 } })[0]).toMatch(
      /voltage-l1|one of/,
    );
    const foreign = "02 04 04 43 66 33 34 28 38";
    expect(
      verify("eastron/sdm630", { ...meter, reply: foreign, means: { "voltage-l1": 230.2 } })[0],
    ).toMatch(/^reply: (CRC|unit 2)/);
  });

  it("its problems carry the line of the file", () => {
    const text = changed("torque: 25 }", "torque: 26 }");
    const [problem] = parseSample(text).problems.map(formatProblem);
    expect(problem).toMatch(
      /^devices\/example\/drive.yaml:27:\d+ {2}examples\[0\].means.torque: found 26, expected 25/,
    );
  });
});
