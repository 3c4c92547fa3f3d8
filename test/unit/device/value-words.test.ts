import { describe, expect, it } from "vitest";
import { identityMismatch } from "../../../src/device/identity.js";
import { valueWords } from "../../../src/device/value-words.js";
import { point } from "./sample-type.js";

const state = { enum: { "not ready": 0, stopped: 24, running: 567 }, unit: "1" as const };
const status = { bits: { ready: 0, fault: 3, warning: 4, remote: 9 }, unit: "1" as const };

describe("a value for a person", () => {
  it("has the word of its enum, and the number that stands on the wire", () => {
    expect(valueWords(state, 24)).toBe("stopped (24)");
    expect(valueWords(state, 567)).toBe("running (567)");
    expect(valueWords(state, 9)).toBe("9");
  });

  it("has the names of the bits that are set", () => {
    expect(valueWords(status, 24)).toBe("24 (fault, warning)");
    expect(valueWords(status, 0)).toBe("0 (none of its bits)");
    expect(valueWords(status, 0x201)).toBe("513 (ready, remote)");
    expect(valueWords(status, 0x12)).toBe("18 (warning, bits without a name)");
  });

  it("has its unit where it is a quantity", () => {
    expect(valueWords({ unit: "degC" }, 35)).toBe("35 degC");
    expect(valueWords({ unit: "1" }, 0.5)).toBe("0.5");
  });
});

describe("a device that is not of its type", () => {
  it("is told so in the words of the point it is known by", () => {
    const facts = point({ enum: { stopped: 3, running: 4 } });
    expect(identityMismatch({ point: "state", raw: 4 }, 3, facts)).toBe(
      "state is stopped (3), expected running (4)",
    );
    expect(identityMismatch({ point: "state", rawRange: [3, 4] }, 9, facts)).toBe(
      "state is 9, expected stopped (3) to running (4)",
    );
    expect(identityMismatch({ point: "code", raw: 17 }, 18)).toBe("code is 18, expected 17");
  });
});
