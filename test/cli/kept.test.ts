/** The commands that speak to a process that keeps a rig, against a fake one on a real socket. */
import { realpathSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { jsonSchemaOf } from "../../src/base/json-schema.js";
import { Answer } from "../../src/verb/answer.js";
import { RigPicture } from "../../src/verb/picture.js";
import { fakeAlarm, fakePicture } from "../unit/api/fake-keeper.js";
import { clock, type Kept, placeIn, serve, serveElsewhere } from "../unit/api/kept.js";
import { newFolder, Started, wearout } from "./command.js";

type Served = Kept & { state: string; call: (...words: string[]) => ReturnType<typeof wearout> };

/** A kept rig of a site of its own, and the command as called for that site. */
async function kept(): Promise<Served> {
  const state = newFolder();
  const site = realpathSync(newFolder());
  const served = await serve(placeIn(state, site));
  const call = (...words: string[]) => wearout("--site", site, ...words, "--state", state);
  return { ...served, state, call };
}

describe("run hold, abort and their like", () => {
  it("are sent to who keeps the rig, named as a rig or as its run", async () => {
    const { keeper, call } = await kept();
    const held = await call("run", "hold", "rig-a", "--reason", "noise", "--at-next-step");
    expect(held).toMatchObject({ status: 0, talk: "" });
    expect(held.out).toMatch(/^rig-a: run hold accepted; Holding: run hold by /);
    const aborted = await call("run", "abort", "rig-a-3");
    expect(aborted).toMatchObject({ status: 0 });
    expect(keeper.asked.map(({ command }) => command)).toEqual([
      { verb: "run hold", args: { reason: "noise", atNextStep: true } },
      { verb: "run abort", args: { run: "rig-a-3" } },
    ]);
  });

  it("print with --json what the schema of the answer says", async () => {
    const { call } = await kept();
    const fits = new Ajv().compile(jsonSchemaOf(Answer));
    const accepted = JSON.parse((await call("run", "hold", "rig-a", "--json")).out);
    expect([fits(accepted), accepted.accepted]).toEqual([true, true]);
    const refused = await call("rig", "clear", "rig-a", "--json");
    expect(refused.status).toBe(5);
    const answer = JSON.parse(refused.out);
    expect([fits(answer), answer.refusal]).toEqual([true, "presence"]);
  });

  it("say that nobody keeps the rig, and where one of that name is kept", async () => {
    const state = newFolder();
    await serve(placeIn(state, "/srv/other"));
    const words = ["run", "hold", "rig-a-3", "--state", state];
    const { status, out, talk } = await wearout("--site", newFolder(), ...words);
    expect({ status, out }).toEqual({ status: 5, out: "" });
    expect(talk).toMatch(/no process keeps rig-a of the site .*--site \/srv\/other/);
    expect(talk).toMatch(/if it may be energised: .* rig safe .*rig-a/);
  });

  it("say that there is no such rig, with the names there are", async () => {
    const state = newFolder();
    for (const words of [
      ["run", "hold"],
      ["rig", "status"],
      ["alarm", "list"],
    ]) {
      const { status, talk } = await wearout(
        "--site",
        newFolder(),
        ...words,
        "nix",
        "--state",
        state,
      );
      expect(status).toBe(3);
      expect(talk).toMatch(/no rig "nix", expected one of bearing-four, harmonic-one/);
    }
  });

  it("name a keeper that was stopped", async () => {
    const state = newFolder();
    const site = realpathSync(newFolder());
    const { child } = await serveElsewhere(state, {}, site);
    child.kill("SIGSTOP");
    const words = ["run", "hold", "rig-a", "--state", state];
    const { status, talk } = await wearout("--site", site, ...words);
    expect(status).toBe(4);
    expect(talk).toContain(`kept by process ${child.pid} of mei on lab-3`);
  });
});

describe("run stop and run resume of a run that is kept", () => {
  it("names the stake and what to type where nobody can be asked", async () => {
    const { keeper, call } = await kept();
    const { status, talk } = await call("run", "stop", "rig-a-3");
    expect(status).toBe(5);
    expect(talk).toMatch(/run rig-a-3: this ends 1 min of 1 specimen as censored; say so with/);
    expect(talk).toMatch(/run stop .*rig-a-3 --yes/);
    expect(keeper.asked).toEqual([]);
  });

  it("ends it there when told yes", async () => {
    const { keeper, call } = await kept();
    const { status } = await call("run", "stop", "rig-a-3", "--yes", "--reason", "to repair");
    expect(status).toBe(0);
    expect(keeper.now.state).toBe("Stopping");
    expect(keeper.asked[0]?.command.args).toEqual({ run: "rig-a-3", reason: "to repair" });
  });

  it("is refused when the state has changed since it was looked at", async () => {
    const { call } = await kept();
    const { status, talk } = await call("run", "leave", "rig-a", "--saw", "3");
    expect(status).toBe(5);
    expect(talk).toMatch(
      /run leave is refused by process \d+ of mei on lab-3: the state has changed/,
    );
  });

  it("goes on with the digits of the keeper's terminal, and not without", async () => {
    const { keeper, admission, call } = await kept();
    keeper.change({ state: "Held" });
    const bare = await call("run", "resume", "rig-a-3", "--yes");
    expect(bare.status).toBe(5);
    expect(bare.talk).toContain("needs a person at the rig");
    const word = "s1=sensor continue: cable was loose";
    const token = admission.token;
    const done = await call("run", "resume", "rig-a-3", "--disposition", word, "--token", token);
    expect(done).toMatchObject({ status: 0 });
    expect(keeper.asked.map(({ command }) => command.verb)).toEqual(["run dispose", "run resume"]);
  });
});

describe("run resume with --saw", () => {
  it("is bound to the state that was seen, its first disposition too", async () => {
    const { keeper, admission, call } = await kept();
    keeper.change({ state: "Held" });
    const token = () => ["--token", admission.token];
    const late = await call("run", "resume", "rig-a-3", "--saw", "7", ...token());
    expect(late.status).toBe(5);
    expect(late.talk).toContain("the state has changed since it was looked at");
    const word = ["--disposition", "s1=sensor continue: cable was loose"];
    const both = await call("run", "resume", "rig-a-3", ...word, "--saw", "7", ...token());
    expect(both.talk).toContain("run dispose is refused");
    expect(keeper.asked).toEqual([]);
    const done = await call("run", "resume", "rig-a-3", ...word, "--saw", "8", ...token());
    expect(done).toMatchObject({ status: 0 });
    expect(keeper.asked.map(({ command }) => command.verb)).toEqual(["run dispose", "run resume"]);
  });

  it("is refused where nobody keeps the run: what was seen has ended with its process", async () => {
    const words = ["run", "resume", "rig-a-3", "--saw", "7"];
    const { status, talk } = await wearout(...words, "--state", newFolder());
    expect(status).toBe(5);
    expect(talk).toContain("--saw 7: no process keeps run rig-a-3 any more");
  });
});

describe("run start on a rig that is kept", () => {
  it("is refused before anything else, with who keeps it and which run is on it", async () => {
    const { call } = await kept();
    const names = ["--rig", "rig-a", "--specimen", "a"];
    const { status, talk } = await call("run", "start", "bearing-constant-load", ...names);
    expect(status).toBe(5);
    expect(talk).toMatch(
      /^wearout: rig rig-a is kept by process \d+ of mei on lab-3, run rig-a-3 is on it; /,
    );
    expect(talk).toMatch(/run hold .*rig-a$/m);
  });
});

describe("rig status and rig watch", () => {
  it("show the picture, and with --json as its schema has it", async () => {
    const { keeper, call } = await kept();
    const { out } = await call("rig", "status", "rig-a");
    for (const text of ["Execute", "rig-a-3", "step 2 of 5: hold", "3000 rpm", "vibration@s1"]) {
      expect(out).toContain(text);
    }
    const picture = JSON.parse((await call("rig", "status", "rig-a", "--json")).out);
    expect(picture).toEqual(keeper.now);
    expect(new Ajv({ strictTuples: false }).compile(jsonSchemaOf(RigPicture))(picture)).toBe(true);
  });

  it("say SIMULATED and what has not acted", async () => {
    const { keeper, call } = await kept();
    keeper.change({
      simulated: true,
      run: null,
      safety: [{ role: "speed", device: "drive", level: "asked", acted: false, text: "no answer" }],
    });
    const { out } = await call("rig", "status", "rig-a");
    for (const text of ["SIMULATED", "no run", "speed (drive): NOT SAFE, asked: no answer"]) {
      expect(out).toContain(text);
    }
  });

  it("say of each actuator once how far it is", async () => {
    const { keeper, call } = await kept();
    const text = "speed NOT SAFE: asked for 5 s (no answer); use its isolator";
    keeper.change({
      safety: [
        { role: "load", device: "valve", level: "held", acted: true, text: "load held" },
        { role: "speed", device: "drive", level: "asked", acted: false, text },
      ],
    });
    const { out } = await call("rig", "status", "rig-a");
    expect(out).toMatch(/^ +load \(valve\): held$/m);
    expect(out).toMatch(
      /^ +speed \(drive\): NOT SAFE: asked for 5 s \(no answer\); use its isolator$/m,
    );
  });

  it("ends with Ctrl-C, and says that the rig goes on", async () => {
    const { keeper, place, state } = await kept();
    const watching = new Started(["--site", place.site, "rig", "watch", "rig-a", "--state", state]);
    let printed = "";
    watching.child.stdout?.on("data", (text: string) => {
      printed += text;
    });
    while (!printed.includes("Execute")) await clock.sleep(20);
    keeper.change({ state: "Held", reason: "hold by jo" });
    while (!printed.includes("hold by jo")) await clock.sleep(20);
    const { status, talk } = await watching.interrupt();
    expect(status).toBe(0);
    expect(talk).toContain("rig-a: the watching ends, the rig goes on");
    expect(keeper.asked).toEqual([]);
  });

  it("ends when the keeper does", async () => {
    const { served, keeper, call } = await kept();
    const watching = call("rig", "watch", "rig-a", "--every", "250 ms", "--json");
    await clock.sleep(400);
    keeper.change({ reason: "another" });
    await clock.sleep(400);
    await served.close();
    const { status, out, talk } = await watching;
    expect(status).toBe(0);
    const revisions = out.trim().split("\n");
    expect(revisions.map((line) => JSON.parse(line).revision)).toEqual(
      expect.arrayContaining([7, 8]),
    );
    expect(talk).toMatch(/process \d+ of mei on lab-3 has ended/);
  });
});

describe("alarm", () => {
  it("list shows them, ack --all acknowledges those and no later raise", async () => {
    const { keeper, call } = await kept();
    keeper.change({
      alarms: [
        fakeAlarm({ raisedRevision: 9 }),
        fakeAlarm({ id: "oil", station: null }),
        fakeAlarm({ id: "seen", state: "acknowledged" }),
      ],
    });
    const list = await call("alarm", "list", "rig-a");
    expect(list.out).toMatch(/alarm +priority +reaction/);
    expect(list.out).toContain("vibration@s1");
    await call("alarm", "ack", "rig-a", "--all", "--by", "mei");
    expect(keeper.asked[0]?.command.args).toEqual({
      alarms: [
        { alarm: "vibration@s1", raisedRevision: 9 },
        { alarm: "oil", raisedRevision: 4 },
      ],
      by: "mei",
    });
    const wrong = await call("alarm", "ack", "rig-a", "vibration@s2");
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.talk).toContain("vibration@s1");
    expect((await call("alarm", "ack", "rig-a")).status).toBe(2);
  });

  it("shelve takes a time, a reason and who says so", async () => {
    const { keeper, call } = await kept();
    const why = ["--for", "1 h", "--reason", "known", "--by", "mei"];
    expect((await call("alarm", "shelve", "rig-a", "vibration@s1", ...why)).status).toBe(0);
    const word = { reason: "known", by: "mei", forMs: 3_600_000 };
    expect(keeper.asked.map(({ command }) => command.args)).toEqual([
      { alarm: "vibration@s1", ...word },
    ]);
    const long = await call("alarm", "shelve", "rig-a", "x", ...why, "--for", "9 h");
    expect(long).toMatchObject({ status: 2, talk: expect.stringContaining("8 h") });
    expect((await call("alarm", "shelve", "rig-a", "x", "--for", "1 h")).status).toBe(2);
  });
});

describe("rig safe and rig abandon of a rig that is kept", () => {
  it("goes through who keeps it, until every actuator has acted", async () => {
    const { keeper, call } = await kept();
    const row = { role: "speed", device: "drive", text: "at rest" };
    const safe = call("rig", "safe", "rig-a", "--isolate");
    while (keeper.asked.length === 0) await clock.sleep(5);
    keeper.change({ safety: [{ ...row, level: "asked", acted: false }] });
    await clock.sleep(600);
    keeper.change({ safety: [{ ...row, level: "acted", acted: true }] });
    const { status, out } = await safe;
    expect({ status, out }).toEqual({ status: 0, out: "rig-a  speed (drive): acted: at rest\n" });
    expect(keeper.asked[0]?.command).toEqual({ verb: "rig safe", args: { cause: "isolate" } });
  });

  it("is tried from the safe plan where who keeps it is silent", async () => {
    const state = newFolder();
    const site = realpathSync(newFolder());
    const { child } = await serveElsewhere(state, {}, site);
    child.kill("SIGSTOP");
    const { status, talk } = await wearout(
      "--site",
      site,
      "rig",
      "safe",
      "rig-a",
      "--state",
      state,
    );
    expect(status).toBe(3);
    expect(talk).toMatch(/process \d+ of mei on lab-3.* stopped.*its safe plan is tried/s);
    expect(talk).toContain("no safe plan of rig-a");
  });

  it("takes a person's word there", async () => {
    const { keeper, call } = await kept();
    keeper.now = fakePicture("rig-a", { state: "Aborted" });
    const word = ["--reason", "isolated at Q1", "--by", "mei"];
    expect((await call("rig", "abandon", "rig-a", ...word)).status).toBe(0);
    expect(keeper.asked[0]?.command).toEqual({
      verb: "rig abandon",
      args: { reason: "isolated at Q1", by: "mei" },
    });
  });
});
