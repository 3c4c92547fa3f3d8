import { afterAll, describe, expect, it } from "vitest";
import { limitFacts } from "../../src/limit/alarm/facts.js";
import type { Answer } from "../../src/verb/answer.js";
import { Desk } from "../../src/verb/desk.js";
import type { RigPicture } from "../../src/verb/picture.js";
import { removeFolders, type SimRun, simulate } from "./harness.js";
import { short, shortProfile } from "./short.js";

afterAll(removeFolders);

const from = { by: "mei", via: "socket" } as const;
const hello = {
  ...{ protocol: 1, site: "/lab", rig: "bearing-four", pid: 1, user: "mei", host: "lab" },
  ...{ software: "test", startedWall: 0, simulated: true },
};

type Asked = { atMs: number; verb: string; args?: Record<string, unknown> };

/** A run whose rig is asked these things from elsewhere; what was answered, and the picture at each moment. */
async function asked(
  questions: readonly Asked[],
  first: (run: SimRun) => void = () => {},
  profile = short.profile,
) {
  const answers: Answer[] = [];
  const pictures: RigPicture[] = [];
  const left: string[] = [];
  let desk!: Desk;
  const before = (run: SimRun) => {
    const abandoned = (by: string, reason: string) => void left.push(`${by}: ${reason}`);
    const parts = { keeper: run.keeper, loaded: run.loaded, clock: run.clock, hello, abandoned };
    desk = new Desk(parts);
    desk.board(run.test);
    run.listeners.push((events) => desk.observe(events));
    first(run);
  };
  const script = questions.map(({ atMs, verb, args = {} }) => ({
    atMs,
    act: () => {
      pictures.push(desk.picture());
      void desk.ask({ verb, args }, from).then((answer) => answers.push(answer));
    },
  }));
  const run = await simulate({ ...short, profile, before, script });
  return { run, answers, pictures, desk, left };
}

describe("a run that is spoken to from elsewhere", () => {
  it("is held, goes on and is stopped; each is answered when it is decided, refusals with the reason", async () => {
    const { run, answers, pictures } = await asked([
      { atMs: 20_000, verb: "run resume" },
      { atMs: 25_000, verb: "run hold", args: { reason: "noise" } },
      { atMs: 45_000, verb: "run resume" },
      { atMs: 70_000, verb: "run stop" },
    ]);
    expect(answers.map(({ accepted, state }) => [accepted, state])).toEqual([
      [false, "Execute"],
      [true, "Holding"],
      [true, "Unholding"],
      [true, "Stopping"],
    ]);
    expect(answers[0]?.text).toMatch(/^not possible in Execute$/);
    expect(pictures.map(({ state }) => state)).toEqual(["Execute", "Execute", "Held", "Execute"]);
    expect(pictures[2]?.reason).toBe("noise");
    expect(pictures[2]?.safety.every(({ acted }) => acted)).toBe(true);
    expect(run.summary).toMatchObject({ outcome: "stopped" });
  });

  it("is seen with its step, exposure, readings with setpoints, and what happened last", async () => {
    const { pictures } = await asked([{ atMs: 30_000, verb: "run abort" }]);
    const [seen] = pictures;
    expect(seen?.run).toMatchObject({ id: "bearing-four-1", outcome: null, step: { number: 2 } });
    expect(seen?.run?.exposure.timeOnTestMs[0]).toBeGreaterThan(20_000);
    const speed = seen?.readings.find(({ role }) => role === "speed");
    expect(speed).toMatchObject({ unit: "rpm", quality: "good", setpoint: 1200, ceiling: 6000 });
    expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
  });

  it("aborts by rig safe, from any state, and the answer does not wait for the devices", async () => {
    const { run, answers } = await asked([{ atMs: 30_000, verb: "rig safe" }]);
    expect(answers).toMatchObject([{ accepted: true, text: "its safe values are sent" }]);
    expect(run.test.state).toMatchObject({ packml: "Aborted", reason: "safe by mei" });
  });

  it("stays held by rig safe where every actuator has acted, and is told so; with isolate it aborts", async () => {
    const { run, answers } = await asked([
      { atMs: 25_000, verb: "run hold", args: { reason: "noise" } },
      { atMs: 45_000, verb: "rig safe" },
      { atMs: 50_000, verb: "run hold" },
      { atMs: 55_000, verb: "run resume" },
      { atMs: 70_000, verb: "run hold" },
      { atMs: 90_000, verb: "rig safe", args: { cause: "isolate" } },
    ]);
    expect(answers.map(({ accepted, state }) => [accepted, state])).toEqual([
      [true, "Holding"],
      [true, "Held"],
      [false, "Held"],
      [true, "Unholding"],
      [true, "Holding"],
      [true, "Held"],
    ]);
    const already = "it is held and safe already (load held, speed acted)";
    expect(answers[1]?.text).toBe(`${already}, and is looked at once more`);
    expect(answers[2]?.text).toMatch(/^it is held already, for \d+ s \(noise\)$/);
    expect(run.test.state).toMatchObject({ packml: "Aborted", reason: "safe by mei" });
  });

  it("is told what it was asked for where there is none, and what came first stays the reason", async () => {
    const asks: Promise<Answer>[] = [];
    const reasons: string[] = [];
    const alone = ({ keeper, loaded, clock }: SimRun) => {
      const parts = { keeper, loaded, clock, hello, abandoned: () => {} };
      const empty = new Desk(parts);
      for (const [atMs, verb] of [
        [5000, "run hold"],
        [6000, "run abort"],
        [7000, "rig safe"],
      ] as const) {
        void clock.sleep(atMs).then(() => {
          asks.push(empty.ask({ verb, args: {} }, from));
          reasons.push(empty.picture().reason);
        });
      }
    };
    await asked([{ atMs: 9000, verb: "run stop" }], alone);
    const answers = await Promise.all(asks);
    expect(answers.map(({ accepted }) => accepted)).toEqual([true, true, true]);
    expect(answers[0]?.text).toMatch(/^no run is on it; .*wearout rig clear bearing-four$/);
    const first = "run hold by mei, without a run";
    expect(reasons).toEqual([first, first, first]);
  });

  it("is not gone on with while a device is out of service, and the way to return it is told", async () => {
    const { answers } = await asked([
      { atMs: 25_000, verb: "run hold" },
      {
        ...{ atMs: 60_000, verb: "rig out-of-service" },
        args: { device: "vibration-1", by: "mei", reason: "new sensor", forMs: 3_600_000 },
      },
      { atMs: 65_000, verb: "run resume" },
      { atMs: 70_000, verb: "run stop" },
    ]);
    expect(answers[1]).toMatchObject({ accepted: true });
    expect(answers[2]).toMatchObject({
      accepted: false,
      text: "vibration-1 is out of service",
      whatWouldMakeItPossible: "wearout rig return bearing-four --device vibration-1",
    });
  });

  it("is held by rig safe also where a resume came just before it", async () => {
    const { run } = await asked([
      { atMs: 25_000, verb: "run hold" },
      { atMs: 45_000, verb: "run resume" },
      { atMs: 45_000, verb: "rig safe" },
      { atMs: 60_000, verb: "run stop" },
    ]);
    const states = run.events.filter(({ kind }) => kind === "state").map(({ text }) => text);
    expect(states.some((text) => text.startsWith("Unholding -> Execute"))).toBe(false);
    expect(run.summary).toMatchObject({ outcome: "stopped" });
  });

  it("is not left by rig abandon while it runs, nor when everything has acted", async () => {
    const { answers, left } = await asked([
      { atMs: 20_000, verb: "rig abandon", args: { by: "mei", reason: "locked" } },
      { atMs: 25_000, verb: "run hold" },
      { atMs: 45_000, verb: "rig abandon", args: { by: "mei", reason: "locked" } },
      { atMs: 50_000, verb: "run stop" },
    ]);
    expect(answers.map(({ accepted, text }) => [accepted, text])).toEqual([
      [false, "the rig runs"],
      [true, "hold by mei"],
      [false, "every actuator has acted: nothing is left open"],
      [true, "stop by mei"],
    ]);
    expect(left).toEqual([]);
  });

  it("has what its own limits raise as alarms of the rig too, told once", async () => {
    const limits = `limits:
  - { name: warm, role: housing-temperature, above: 20 degC, for: 5 s, reaction: warn }
`;
    const profile = shortProfile(limits);
    const { pictures } = await asked([{ atMs: 30_000, verb: "run stop" }], () => {}, profile);
    const warm = pictures[0]?.alarms.filter(({ limit }) => limit === "warm") ?? [];
    expect(warm.map(({ id }) => id).sort()).toEqual(["warm@s1", "warm@s2", "warm@s3"]);
    expect(warm[0]).toMatchObject({ reaction: "warn", state: "unacknowledged", count: 1 });
    const told = pictures[0]?.lately.filter((text) => text.includes("s1 warm")) ?? [];
    expect(told).toHaveLength(1);
  });

  it("says in words why an alarm does not get what was asked for", async () => {
    const raise = ({ keeper, loaded }: SimRun) => {
      const limit = loaded.limits.find((l) => l.name === "housing-hot" && l.station === "s1")!;
      void keeper.book.raise(limitFacts("bearing-four", limit), 403, "housing-hot: 130 degC");
    };
    const how = { alarm: "housing-hot@s1", by: "mei", reason: "known", forMs: 60_000 };
    const { answers } = await asked(
      [
        { atMs: 5000, verb: "alarm shelve", args: how },
        { atMs: 6000, verb: "run stop" },
      ],
      raise,
    );
    expect(answers[0]).toMatchObject({
      accepted: false,
      text: "housing-hot@s1: a trip and what is urgent is never shelved",
    });
  });

  it("has an alarm of the rig acknowledged as it was seen, and not once it has come again", async () => {
    const ack = (raisedRevision: number) => ({
      by: "mei",
      alarms: [{ alarm: "housing-hot@s1", raisedRevision }],
    });
    const raise = ({ keeper, loaded }: SimRun) => {
      const limit = loaded.limits.find((l) => l.name === "housing-hot" && l.station === "s1")!;
      void keeper.book.raise(limitFacts("bearing-four", limit), 403, "housing-hot: 130 degC");
    };
    const { pictures, answers, desk } = await asked(
      [
        { atMs: 5000, verb: "alarm ack", args: ack(0) },
        { atMs: 6000, verb: "alarm ack", args: ack(1) },
        { atMs: 7000, verb: "run stop" },
      ],
      raise,
    );
    const [first] = pictures[0]?.alarms ?? [];
    // It reads well: what was raised has returned meanwhile, and waits for somebody who has seen it.
    expect(first).toMatchObject({
      reaction: "trip",
      state: "returned-unacknowledged",
      raisedRevision: 1,
    });
    expect(answers.map(({ accepted }) => accepted)).toEqual([false, true, true]);
    expect(answers[0]?.text).toMatch(/was raised again since it was seen/);
    expect(desk.picture().alarms).toEqual([]);
  });
});
