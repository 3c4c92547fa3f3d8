import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JournalEvent } from "../../src/record/journal/kinds.js";
import { journalBeside } from "../../src/record/journal/standing.js";
import { createRecord } from "../../src/record/writer.js";
import { planFile } from "../../src/rig/safe-plan-file.js";
import { opened, placeIn } from "../unit/record/journal/rig.js";
import { eventOf, header, ManualClock } from "../unit/record/run.js";
import { newFolder, Started, wearout } from "./command.js";

const events: JournalEvent[] = [
  { kind: "state", text: "Idle -> Starting", data: { from: "Idle", to: "Starting" } },
  {
    kind: "command",
    by: "lin",
    text: "run hold: accepted",
    data: { verb: "run hold", via: "socket", accepted: true },
  },
  {
    kind: "trip",
    station: "s2",
    text: "vibration above 7.1 mm/s\x1b[2J",
    data: { limit: "vibration", value: 7.4, firstOut: true },
  },
];

/** A state folder with the journal of one rig, kept from 2026-01-01 00:00 with an hour between its events. */
async function madeJournal(site = newFolder(), state = newFolder()) {
  const file = journalBeside(planFile(state, realpathSync(site), "bench"));
  const place = placeIn(state, { file, site: realpathSync(site) });
  const clock = new ManualClock();
  const { journal } = await opened(place, { clock });
  for (const event of events) {
    await clock.advance(3_600_000);
    await journal.commit([event]);
  }
  return { site, state, file, place, journal };
}

function asked(made: { site: string; state: string }, verb: string, ...more: string[]) {
  return wearout("--site", made.site, "rig", verb, "bench", "--state", made.state, ...more);
}

describe("rig journal", () => {
  it("tells what happened, one line each, and no control character of it reaches the screen", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const { status, out } = await asked(made, "journal");
    expect(status).toBe(0);
    expect(out).toBe(`2026-01-01 00:00:00Z  opened     a journal begins
2026-01-01 01:00:00Z  state      Idle -> Starting
2026-01-01 02:00:00Z  command    run hold: accepted (lin)
2026-01-01 03:00:00Z  trip       s2: vibration above 7.1 mm/s\\x1b[2J
2026-01-01 03:00:00Z  closed     the rig is let go
`);
  });

  it("tells a part of the time, and each event as JSON", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const times = ["--from", "2026-01-01 00:30", "--to", "2026-01-01 02:00"];
    const { out } = await asked(made, "journal", ...times, "--json");
    const told = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as JournalEvent);
    expect(told).toMatchObject(events.slice(0, 2));
    const late = await asked(made, "journal", "--from", "-1 s");
    expect(late.out).toBe("");
    const wrong = await asked(made, "journal", "--from", "yesterday");
    expect([wrong.status, wrong.talk]).toEqual([2, expect.stringContaining('found "yesterday"')]);
  });

  it("follows what is written, also into a journal that begins anew, until Ctrl-C", async () => {
    const made = await madeJournal();
    const { site, state, file, journal } = made;
    const where = ["--site", site, "rig", "journal", "bench", "--state", state, "--follow"];
    const following = new Started(where);
    await following.heard(/(Ctrl-C)/);
    writeFileSync(file, "something else\n", { flag: "a" });
    await journal.commit([{ kind: "safe", text: "speed acted", data: { actuators: [] } }]);
    const { status, out } = await following.interrupt();
    await journal.close();
    expect(status).toBe(0);
    expect(out).toContain("a journal begins anew");
    expect(out).toMatch(/safe {7}speed acted\n$/);
  });

  it("says that there is none, and of which site there is one", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const none = await wearout("rig", "journal", "other", "--state", made.state);
    expect([none.status, none.talk]).toEqual([3, expect.stringContaining("one begins when")]);
    const elsewhere = await asked({ ...made, site: newFolder() }, "journal");
    expect(elsewhere.status).toBe(3);
    expect(elsewhere.talk).toContain(`there is one of the site ${realpathSync(made.site)}`);
  });

  it("tells what stands before a damaged line, then that it is damaged", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const text = readFileSync(made.file, "utf8");
    writeFileSync(made.file, text.replace("run hold: accepted", "run hold: Accepted"));
    const { status, out, talk } = await asked(made, "journal");
    expect([status, out.split("\n").length]).toEqual([3, 3]);
    expect(talk).toContain("line 4: it was changed");
  });
});

describe("rig verify", () => {
  it("says that a journal is whole, and what its last hash is", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const { status, out } = await asked(made, "verify");
    expect(status).toBe(0);
    expect(out).toMatch(
      /^journal of bench: whole \(layout 1\)\n {2}file .*\n {2}events {4}5 in the chain, from 2026-01-01T00:00:00.000Z to 2026-01-01T03:00:00.000Z\n {2}kept {6}1 time; nobody keeps it now\n {2}last {6}sha256 [0-9a-f]{64}\n$/,
    );
  });

  it("says that somebody keeps the rig, and takes a line that is being written for no damage", async () => {
    const made = await madeJournal();
    writeFileSync(made.file, '{"body":', { flag: "a" });
    const { status, out } = await asked(made, "verify", "--json");
    expect([status, JSON.parse(out)]).toMatchObject([0, { ok: true, isKept: true, events: 4 }]);
    await made.journal.close().catch(() => {});
  });

  it("ends with 3 at a changed byte or an unfinished line, and names what was set aside", async () => {
    const made = await madeJournal();
    await made.journal.close();
    writeFileSync(made.file, '{"body":', { flag: "a" });
    const torn = await asked(made, "verify");
    expect([torn.status, torn.out]).toEqual([
      3,
      expect.stringContaining("never finished (8 bytes)"),
    ]);
    await (await opened(made.place)).journal.close();
    const again = await asked(made, "verify");
    expect([again.status, again.out]).toEqual([0, expect.stringMatching(/aside {5}.*torn-2026/)]);
    const text = readFileSync(made.file, "utf8");
    writeFileSync(made.file, text.replace('"lin"', '"wu"'));
    const changed = await asked(made, "verify");
    expect([changed.status, changed.out]).toEqual([
      3,
      expect.stringMatching(
        /NOT whole.*line 4: it was changed.*2 events before it are as written/s,
      ),
    ]);
  });

  it("ends with 3 where a record does not bear out what the journal says of its run", async () => {
    const made = await madeJournal();
    const records = newFolder();
    const writer = await createRecord(records, header, new ManualClock());
    await writer.commit([eventOf(1)]);
    await writer.close();
    const handOver = (event: number): JournalEvent => {
      return { kind: "hand-over", text: "out", data: { way: "out", run: "bench-1", event } };
    };
    await made.journal.commit([handOver(1)]);
    const good = await asked(made, "verify", "--records", records);
    expect([good.status, good.out]).toEqual([
      0,
      expect.stringContaining("1 hand-over with a record: all"),
    ]);
    await made.journal.commit([handOver(2)]);
    const bad = await asked(made, "verify", "--records", records);
    expect([bad.status, bad.out]).toEqual([3, expect.stringContaining("1 NOT borne out")]);
    await made.journal.close();
  });

  it("counts who ended without a last word", async () => {
    const made = await madeJournal();
    await made.journal.close();
    const lines = readFileSync(made.file, "utf8").split("\n");
    writeFileSync(made.file, `${lines.slice(0, -2).join("\n")}\n`);
    const { out } = await asked(made, "verify");
    expect(out).toContain("1 time, 1 ended without a last word; nobody keeps it now");
  });
});
