import { describe, expect, it } from "vitest";
import { wearout } from "./command.js";

async function shown(type: string): Promise<string> {
  const { status, out } = await wearout("device", "show", type);
  expect(status).toBe(0);
  return out;
}

describe("wearout device show", () => {
  it("says which steps soften, what proves a stop, what must hold before and what resets", async () => {
    const out = await shown("delta/asda-a2");
    expect(out).toContain(
      "stop: soften: write speed-setpoint = 0 expect zero-speed = 1 within 2 s, then write software-inputs = off",
    );
    expect(out).toContain("has acted when servo-on is 0 and zero-speed is 1");
    expect(out).toContain("needs before any write control-mode is sz or sz-reversed");
    expect(out).toContain("faults of its own are reset by reset");
  });

  it("says when a watchdog acts, what feeds it and what it does not cover", async () => {
    const out = await shown("abb/acs580");
    expect(out).toContain("acts after what comm-loss-time says: trips");
    expect(out).toContain("fed by only writes of control-word, reference");
    expect(out).toContain("kept alive by writing control-word, reference every 1 s");
    expect(out).toContain("does not watch for 30 s after power-up");
    expect(out).toContain("obeys the line while remote is 1");
  });

  it("says what comes before a start, what wears an EEPROM and what is forbidden", async () => {
    const out = await shown("omron/e5cc");
    expect(out).toContain("sp: safe by stop, started by start after unlock");
    expect(out).toMatch(/^sp +holding +0x2103 +s16 +degC +read-write +EEPROM +manual$/m);
    expect(out).toContain("holding 0x0 = 0x901: manual is open loop");
    expect(out).toContain("none: No stop on lost communication was found for E5CC");
  });

  it("says of a plain output that it has no safe value of its own", async () => {
    expect(await shown("moxa/iologik-e1211")).toContain(
      "output-0: a plain output, which gets the rig's safe value",
    );
  });
});
