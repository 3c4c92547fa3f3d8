import { expect, it } from "vitest";
import { type GuestParts, RigGuests } from "../../../src/cli/rig/guests.js";
import type { Shell } from "../../../src/cli/shell.js";
import { openSite, packageRoot } from "../../../src/cli/site.js";
import { loadRig } from "../../../src/rig/load.js";
import type { RigFault } from "../../../src/rig/rig.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { newFolder } from "../../folders.js";

/** Guests of a rig whose devices say who they are only when they are told to. */
function waiting() {
  const site = openSite(packageRoot);
  const loaded = loadRig("bearing-four", site);
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  let answer: (faults: readonly RigFault[]) => void = () => {};
  const asked = new Promise<readonly RigFault[]>((resolve) => {
    answer = resolve;
  });
  const rig = { name: "bearing-four", identify: () => asked };
  const kept = { keeper: { rig } } as unknown as GuestParts["kept"];
  const host = { wall: () => clock.wall() };
  const shell = { site: () => site, host, out: { talk: () => {} } } as unknown as Shell;
  const store = undefined as unknown as GuestParts["store"];
  return { guests: new RigGuests(shell, { kept, loaded, clock, store }), answer: () => answer([]) };
}

const words = { profile: "bearing-constant-load", specimen: "a,b,c,d", set: [] };

it("a run that is being opened when the rig is let go does not begin, and leaves no record", async () => {
  const { guests, answer } = waiting();
  const starting = guests.start({ ...words, records: newFolder("guests") });
  guests.close();
  answer();
  await expect(starting).rejects.toMatchObject({
    code: "STATE_REFUSED",
    message: "bearing-four is being let go",
  });
  expect(guests.test).toBeUndefined();
});
