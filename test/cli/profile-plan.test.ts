import { describe, expect, it } from "vitest";
import { wearout } from "./in-process.js";

async function planned(...more: string[]): Promise<string> {
  const { status, out } = await wearout("profile", "plan", "bearing-constant-load", ...more);
  expect(status).toBe(0);
  return out;
}

describe("wearout profile plan", () => {
  it("says on a rig how late each limit is found, at its cycle", async () => {
    const out = await planned("--rig", "bearing-four");
    expect(out).toContain("spalled (fail, found within 11 s)");
    expect(out).toContain("overspeed (trip, found within 1 s)");
    expect(out).toContain("temperature-lost (stop, found within 1 s)");
    expect(out.match(/housing-hot \(trip/g)).toHaveLength(1);
  });

  it("knows no cycle without a rig", async () => {
    const out = await planned();
    expect(out).toContain("spalled (fail)");
    expect(out).not.toContain("found within");
  });
});
