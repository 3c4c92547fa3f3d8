/** Two safe plans for one line: told at a start, and refused where the other's actuators may be energised. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sharedLines } from "../../src/cli/rig/safe-first.js";
import { type PlanOwner, PlanStore } from "../../src/keeper/plan-store.js";
import type { LineSpec } from "../../src/line/line.js";
import { VirtualClock } from "../../src/sim/virtual-clock.js";
import { smallPlan } from "../unit/rig/small-plan.js";

const folder = mkdtempSync(join(tmpdir(), "shared-line-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const owner = (rig: string, site: string, spec: LineSpec): PlanOwner => {
  return { folder, site, rig, software: "0", lines: new Map([["drives", spec]]) };
};

function energised(other: PlanOwner): PlanStore {
  const store = new PlanStore(other, new VirtualClock(0));
  store.energise(smallPlan("speed"));
  return store;
}

const port = join(folder, "ttyUSB0");
const byId = join(folder, "by-id");
writeFileSync(port, "");
symlinkSync(port, byId);
const serial = (path: string): LineSpec =>
  ({ serial: path, baud: 9600, format: "8N1" }) as LineSpec;

it.each<[string, LineSpec, LineSpec]>([
  ["a port under another name", serial(port), serial(byId)],
  ["an address in other letters", { tcp: "Gateway:502" }, { tcp: "gateway:502" }],
  ["this machine by another name", { tcp: "localhost:502" }, { tcp: "127.0.0.1:502" }],
])("is %s", (_what, theirs, ours) => {
  const store = energised(owner("four", "/srv/a", theirs));
  const mine = owner("four", "/srv/b", ours);
  const named = /line drives \(.*\) is also in the safe plan of rig four of the site \/srv\/a/;
  expect(() => sharedLines(mine)).toThrow(named);
  expect(() => sharedLines(mine)).toThrow(
    /speed may be energised; end its run first, or: wearout --site \/srv\/a rig safe four/,
  );
  store.acted("speed");
  expect(sharedLines(mine)).toEqual([expect.stringMatching(named)]);
  expect(sharedLines(owner("four", "/srv/a", theirs)), "its own plan is no other").toEqual([]);
  expect(sharedLines(owner("one", "/srv/b", { tcp: "other:502" }))).toEqual([]);
});
