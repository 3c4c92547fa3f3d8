import { describe, expect, it } from "vitest";
import { composeTest } from "../../../src/cli/compose.js";
import { openSite, packageRoot } from "../../../src/cli/site.js";
import { loadRig } from "../../../src/rig/load.js";
import { newFolder } from "../../folders.js";

const site = openSite(packageRoot);
const loaded = loadRig("bearing-four", site);

function placed(specimen: string, lot?: string) {
  const words = { profile: "bearing-constant-load", specimen, set: [] };
  const where = { loaded, site, recordsRoot: newFolder("compose"), simulated: true };
  const all = composeTest(lot === undefined ? words : { ...words, lot }, where, () => {});
  return all.placed.map((p) => [p.station, p.specimen, p.lot]);
}

describe("specimens that are named for a run", () => {
  it("leave the station of an empty name empty: nobody moves up", () => {
    expect(placed("a,,b")).toEqual([
      ["s1", "a", undefined],
      ["s3", "b", undefined],
    ]);
  });

  it("have a lot for all, or one each by their place", () => {
    expect(placed("a,,b", "B7").map(([, , lot]) => lot)).toEqual(["B7", "B7"]);
    expect(placed("a,,b", "B6,,B7").map(([, , lot]) => lot)).toEqual(["B6", "B7"]);
    expect(() => placed("a,b,c", "B6,B7")).toThrow("expected one for all or one each");
  });
});
