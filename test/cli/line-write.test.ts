import { describe, expect, it } from "vitest";
import { wearout } from "./command.js";
import { recording, served, tapped } from "./wire.js";

const omron = ["omron/e5cc", "--unit", "2"];

function write(at: string, ...args: string[]) {
  return wearout("line", "write", "--tcp", at, "--unit", "2", ...args);
}

describe("wearout line write against a served device", () => {
  it("shows what was there, what was written and what is there now", async () => {
    const at = await served(...omron, "--set", "sp=20");
    const shown = await write(at, "holding", "0x2103", "35", "--yes");
    expect(shown).toMatchObject({ status: 0, talk: "" });
    expect(shown.out).toMatch(
      /^address +hex +before +written +read back\n8451 +0x2103 +20 \(0014\) +35 \(0023\) +35 \(0023\)\n$/,
    );
    const json = await write(at, ...["--as", "s16", "--yes", "--json", "holding", "0x2103"], "21");
    expect(JSON.parse(json.out)).toMatchObject({ before: [35], written: [21], readBack: [21] });
  });

  it("says the very frame it would send, and sends nothing without --yes", async () => {
    const { at, requests } = await tapped(await served(...omron));
    const shown = await write(at, "holding", "0x2103", "35");
    expect(shown).toMatchObject({ status: 5, talk: "wearout: refused: add --yes\n" });
    expect(requests).toEqual([]);
    await write(at, "holding", "0x2103", "35", "--yes");
    expect(requests.map((r) => r[7])).toEqual([3, 6, 3]);
    const sent = requests[1]
      ?.toString("hex")
      .toUpperCase()
      .replaceAll(/..(?=.)/g, "$& ");
    expect(shown.out).toBe(`would send ${sent}\n`);
  });

  it("writes one register by function 16 where it is told to", async () => {
    const { at, requests } = await tapped(await served(...omron));
    const { status } = await write(at, "holding", "0x2103", "35", "--function", "16", "--yes");
    expect(status).toBe(0);
    expect(requests.map((r) => r[7])).toEqual([3, 16, 3]);
    const serial = ["--serial", "/dev/nonexistent-port", "--unit", "1", "--function", "16"];
    const { out } = await wearout("line", "write", ...serial, "holding", "1", "3");
    expect(out).toMatch(/^would send 01 10 00 01 00 01 02 00 03 /);
  });

  it("gives a serial frame its CRC", async () => {
    const serial = ["--serial", "/dev/nonexistent-port", "--unit", "1"];
    const { status, out } = await wearout("line", "write", ...serial, "holding", "0", "0x0101");
    expect({ status, out }).toEqual({ status: 5, out: "would send 01 06 00 00 01 01 49 9A\n" });
  });
});

describe("a point by its name", () => {
  it("takes its value in any unit of its kind, as its help says, and a temperature in K", async () => {
    const point = ["--type", "omron/e5cc", "--function", "6", "sp"];
    const at = await served(...omron);
    for (const value of ["35", "35 °C", "308.15 K"]) {
      const { status, talk, out } = await write(at, ...point, value);
      expect({ status, out }).toMatchObject({ status: 5, out: expect.stringMatching(/00 23\n$/) });
      expect(talk).toContain("= 35 degC");
    }
  });
});

describe("what line write refuses", () => {
  it("a write the device type forbids, with why, before a line is opened", async () => {
    const { at, requests } = await recording(() => undefined);
    const args = ["--type", "witmotion/wtvb01-485", "holding", "0x00", "1", "--yes"];
    const { status, out, talk } = await write(at, ...args);
    expect({ status, out }).toEqual({ status: 5, out: "" });
    expect(talk).toMatch(/^wearout: refused: witmotion\/wtvb01-485 holding 0x0 = 1: forbidden, \w/);
    expect(requests).toEqual([]);
  });

  const wrong: [string, string[], RegExp][] = [
    ["a table that cannot be written", ["input", "0", "1"], /coil, holding/],
    ["a value that does not fit", ["holding", "0", "65536"], /outside 0 to 65535/],
    ["a value that is none", ["holding", "0", "1x"], /expected a number/],
    ["a number into a coil", ["--as", "f32", "coil", "0", "1"], /--as of a coil/],
    [
      "a function that carries no two values",
      ["--function", "6", "holding", "0", "1", "2"],
      /expected 16 for 2 values/,
    ],
    ["a function of another table", ["--function", "15", "holding", "0", "1"], /expected 6 or 16/],
    [
      "a function that the type of a point does not write it by",
      ["--type", "abb/acs580", "--function", "5", "control-word", "ready"],
      /control-word: --function: found "5", expected 6, by which its type writes it/,
    ],
    [
      "a quantity of another kind than the point",
      ["--type", "omron/e5cc", "sp", "35 rpm"],
      /sp: found "35 rpm", expected a number in degC/,
    ],
    ["registers beyond the last", ["holding", "65535", "1", "2"], /most is 1/],
  ];
  for (const [name, args, expected] of wrong) {
    it(name, async () => {
      const { status, out, talk } = await write("127.0.0.1:1", ...args, "--yes");
      expect({ status, out }).toEqual({ status: 2, out: "" });
      expect(talk).toMatch(expected);
    });
  }
});

describe("a device that does not do as it was told", () => {
  it("one that keeps its value is named, with 4", async () => {
    const { at } = await recording((pdu) => (pdu[1] === 3 ? [2, 3, 2, 0, 7] : [...pdu]));
    const { status, out, talk } = await write(at, "holding", "16", "9", "--yes", "--json");
    expect(status).toBe(4);
    expect(talk).toBe("wearout: unit 2: holding 0x10 reads back 7 instead of 9\n");
    expect(JSON.parse(out)).toMatchObject({ before: [7], written: [9], readBack: [7] });
  });

  it("one that refuses the write ends with 4", async () => {
    const { at } = await recording((pdu) => (pdu[1] === 3 ? [2, 3, 2, 0, 7] : [2, 0x86, 3]));
    const { status, out, talk } = await write(at, "holding", "16", "9", "--yes");
    expect({ status, out }).toEqual({ status: 4, out: "" });
    expect(talk).toMatch(/^wearout: unit 2: exception 3: illegal data value\n$/);
  });

  it("one that is silent is never written to", async () => {
    const { at, requests } = await recording(() => undefined);
    const { status } = await write(at, "--turnaround", "20", "holding", "16", "9", "--yes");
    expect(status).toBe(4);
    expect([...new Set(requests.map((r) => r[7]))]).toEqual([3]);
  });

  it("a register that cannot be read is written, and that it is unconfirmed is said", async () => {
    const { at } = await recording((pdu) => (pdu[1] === 3 ? [2, 0x83, 2] : [...pdu]));
    const { status, out, talk } = await write(at, "holding", "16", "9", "--yes");
    expect(status).toBe(0);
    expect(out).toMatch(/16 +0x10 +- +9 \(0009\) +-\n$/);
    expect(talk).toMatch(/confirmed by its reply only/);
  });

  it("floats and coils go out as they are meant", async () => {
    const { at, requests } = await recording((pdu) => {
      if (pdu[1] === 3) return [2, 3, 4, 0, 0, 0x41, 0x48];
      return pdu[1] === 1 ? [2, 1, 1, 0b01] : [...pdu.subarray(0, 6)];
    });
    const float = ["--as", "f32", "--order", "CDAB", "holding", "4", "12.5", "--yes"];
    expect((await write(at, ...float)).status).toBe(0);
    expect((await write(at, "coil", "4", "on", "off", "--yes")).status).toBe(0);
    const writes = requests.filter((r) => (r[7] ?? 0) > 4).map((r) => r.subarray(6));
    expect(writes).toEqual([
      Buffer.from([2, 16, 0, 4, 0, 2, 4, 0, 0, 0x41, 0x48]),
      Buffer.from([2, 15, 0, 4, 0, 2, 1, 1]),
    ]);
  });
});

describe("a point written by its name", () => {
  const type = ["--type", "omron/e5cc"];

  it("takes its value in its unit, scaled as the device says, and says raw word and EEPROM", async () => {
    const at = await served(...omron, "--set", "decimal-point=1", "--set", "sp=20");
    const shown = await write(at, ...type, "sp", "35", "--yes");
    expect(shown.status).toBe(0);
    expect(shown.talk).toMatch(/^sp \(holding 0x2103\) = 35 degC, raw 015E\n/);
    expect(shown.talk).toContain("sp is kept in EEPROM");
    expect(shown.out).toMatch(/ 20 degC \(00C8\) +35 degC \(015E\) +35 degC \(015E\)\n$/);
    const kelvin = await write(at, ...type, "sp", "30.84 degC");
    expect(kelvin).toMatchObject({ status: 5 });
    expect(kelvin.talk).toMatch(
      /= 30.8 degC \(the nearest it can hold to 30.84\), raw 0134\n[\s\S]*refused: add --yes/,
    );
  });

  it("takes words of its enum and names of its bits, and knows no others", async () => {
    const where = ["line", "write", "--tcp", "127.0.0.1:1", "--type"];
    const ready = await wearout(...where, "abb/acs580", "control-word", "ready");
    expect(ready.out).toBe("would send 00 02 00 00 00 06 01 06 00 00 04 7E\n");
    expect(ready.talk).toContain("control-word (holding 0x0) = ready (1150), raw 047E");
    const wrong = await wearout(...where, "abb/acs580", "control-word", "go");
    expect(wrong).toMatchObject({
      status: 2,
      talk: expect.stringContaining("one of ready, run, "),
    });
    const inherited = await wearout(...where, "abb/acs580", "control-word", "constructor");
    expect(inherited.status).toBe(2);
    const none = await wearout(...where, "abb/acs580", "control-wort", "ready");
    expect(none.talk).toMatch(/no point "control-wort", expected "control-word"/);
  });

  it("is refused out of its range and where it can only be read, before a line is opened", async () => {
    const where = ["line", "write", "--tcp", "127.0.0.1:1", "--yes", "--type"];
    const read = await wearout(...where, "abb/acs580", "status-word", "1");
    expect(read).toMatchObject({ status: 5, talk: expect.stringContaining("read only") });
    const far = await wearout(...where, "abb/acs580", "--", "reference", "900");
    expect(far).toMatchObject({
      status: 5,
      talk: expect.stringMatching(/reference = 900.*outside/),
    });
  });

  it("is asked for where a raw number is meant for what the type knows in another unit", async () => {
    const shown = await write("127.0.0.1:1", ...type, "holding", "0x2103", "35", "--yes");
    expect(shown.status).toBe(2);
    expect(shown.talk).toContain('this is sp of omron/e5cc, in degC: write it as "sp VALUE"');
    const at = await served(...omron, "--set", "sp=20");
    const raw = await write(at, ...type, "--as", "s16", "holding", "0x2103", "35", "--yes");
    expect(raw).toMatchObject({ status: 0, talk: expect.stringContaining("EEPROM") });
  });
});
