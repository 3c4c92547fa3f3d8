import { describe, expect, it } from "vitest";
import { randomStream } from "../../../src/base/random.js";
import { VirtualClock } from "../../../src/sim/virtual-clock.js";
import { Admission } from "../../../src/verb/admit.js";
import { allVerbs } from "../../../src/verb/all.js";
import type { Command } from "../../../src/verb/keeps.js";
import { codeLivesMs } from "../../../src/verb/presence.js";
import { FakeKeeper, fakeHello, fakePicture } from "../api/fake-keeper.js";

const held = fakePicture("rig-a", { state: "Held", reason: "hold by mei" });
const socket = { by: "jo", via: "socket" } as const;
const terminal = { by: "mei", via: "terminal" } as const;

function admitted(now = held) {
  const clock = new VirtualClock(0);
  const keeper = new FakeKeeper(fakeHello("/srv/lab", "rig-a"), now);
  return { clock, keeper, admission: new Admission(keeper, clock, randomStream(1, "token")) };
}

function resume(also: Partial<Command> = {}): Command {
  return { verb: "run resume", args: {}, sawRevision: held.revision, ...also };
}

describe("a command to a kept rig", () => {
  it("that may set something in motion is refused from a socket without the token of the terminal", async () => {
    const { admission, keeper } = admitted();
    const bare = await admission.ask(resume(), socket);
    expect(bare).toMatchObject({ accepted: false, refusal: "presence", state: "Held" });
    expect(bare.whatWouldMakeItPossible).toContain("--token");
    const wrong = await admission.ask(resume({ token: "12" }), socket);
    expect(wrong).toMatchObject({ accepted: false, refusal: "presence" });
    expect(keeper.asked).toEqual([]);
  });

  it("is taken with the token, once", async () => {
    const { admission, keeper } = admitted();
    const { token } = admission;
    const first = await admission.ask(resume({ token }), socket);
    expect(first).toMatchObject({ accepted: true, state: "Unholding" });
    keeper.change({ state: "Held" });
    const again = resume({ token, sawRevision: keeper.now.revision });
    expect(await admission.ask(again, socket)).toMatchObject({ refusal: "presence" });
  });

  it("is taken from the keeper's own terminal without a token and without a revision", async () => {
    const { admission } = admitted();
    const typed = { verb: "run resume", args: {} };
    expect(await admission.ask(typed, terminal)).toMatchObject({ accepted: true });
  });

  it("is taken from the terminal that has taken presence, and from no other that had it before", async () => {
    const { admission, keeper } = admitted();
    const take = (by: string) =>
      admission.ask({ verb: "rig take", args: {}, token: admission.token }, { ...socket, by });
    const resumeWith = (token: string | undefined) => {
      keeper.change({ state: "Held" });
      const proof = token === undefined ? {} : { token };
      return admission.ask(resume({ ...proof, sawRevision: keeper.now.revision }), socket);
    };
    const first = await take("mei");
    expect(first.accepted).toBe(true);
    expect((await resumeWith(first.token)).accepted).toBe(true);
    expect((await resumeWith(first.token)).accepted).toBe(true);
    const second = await take("wang");
    expect(await resumeWith(first.token)).toMatchObject({
      refusal: "presence",
      text: "presence is with wang at another terminal",
    });
    expect((await resumeWith(second.token)).accepted).toBe(true);
    expect(await resumeWith(undefined)).toMatchObject({ refusal: "presence" });
  });

  it("takes presence only with the digits, and shows those only for the key of the keeper's user", async () => {
    const { admission, keeper } = admitted();
    expect(await admission.ask({ verb: "rig take", args: {} }, socket)).toMatchObject({
      refusal: "presence",
    });
    const show = (token?: string) =>
      admission.ask({ verb: "rig token", args: {}, ...(token ? { token } : {}) }, socket);
    for (const key of [undefined, "480112", "0".repeat(32)]) {
      const answer = await show(key);
      expect(answer).toMatchObject({ accepted: false, refusal: "presence" });
      expect(answer).not.toHaveProperty("token");
    }
    expect(keeper.asked).toEqual([]);
    expect(await show(admission.key)).toMatchObject({ accepted: true, token: admission.token });
    expect(keeper.asked.map(({ command }) => command.verb)).toEqual(["rig token"]);
  });

  it("needs the token that the terminal shows now", async () => {
    const { admission, clock } = admitted();
    const { token } = admission;
    await clock.sleep(codeLivesMs);
    expect(await admission.ask(resume({ token }), socket)).toMatchObject({ refusal: "presence" });
    expect(admission.token).not.toBe(token);
  });

  it("is refused when the state is no longer the one its sender saw, and uses up no token", async () => {
    const { admission, keeper } = admitted();
    const { token } = admission;
    keeper.change({ reason: "a door was opened" });
    const late = await admission.ask(resume({ token }), socket);
    expect(late).toMatchObject({ accepted: false, refusal: "changed" });
    expect(late.text).toContain("a door was opened");
    const blind = await admission.ask({ verb: "run stop", args: {} }, socket);
    expect(blind).toMatchObject({ accepted: false, refusal: "changed" });
    const looked = resume({ token, sawRevision: keeper.now.revision });
    expect(await admission.ask(looked, socket)).toMatchObject({ accepted: true });
  });

  it("of two at once that saw the same state is taken once", async () => {
    const { admission, keeper } = admitted(fakePicture("rig-a"));
    const stop = { verb: "run stop", args: {}, sawRevision: keeper.now.revision };
    const leave = { ...stop, verb: "run leave" };
    const answers = await Promise.all([admission.ask(stop, socket), admission.ask(leave, socket)]);
    expect(answers.map(({ accepted, refusal }) => [accepted, refusal])).toEqual([
      [true, undefined],
      [false, "changed"],
    ]);
    expect(keeper.asked.length).toBe(1);
  });

  it("that takes energy away waits for no other and for nothing that is wrong with it", async () => {
    const { admission, keeper } = admitted(fakePicture("rig-a"));
    const never = new Promise<never>(() => {});
    const ask = keeper.ask.bind(keeper);
    keeper.ask = (command, from) => (command.verb === "run stop" ? never : ask(command, from));
    void admission.ask({ verb: "run stop", args: {}, sawRevision: 7 }, socket);
    await Promise.resolve();
    const args = { reason: 7, atNextStep: "x", run: "rig-a-99", newer: true };
    const hold = await admission.ask(
      { verb: "run hold", args, sawRevision: 1, token: "?" },
      socket,
    );
    expect(hold.accepted).toBe(true);
    expect(keeper.asked.at(-1)?.command).toEqual({ verb: "run hold", args: { run: "rig-a-99" } });
    for (const verb of ["run abort", "rig safe"]) {
      expect((await admission.ask({ verb, args: {} }, socket)).accepted, verb).toBe(true);
    }
  });

  it("for another run than the one on the rig is refused", async () => {
    const { admission } = admitted();
    const args = { run: "rig-a-2" };
    const answer = await admission.ask({ verb: "run stop", args, sawRevision: 7 }, socket);
    expect(answer).toMatchObject({ accepted: false, refusal: "other" });
    expect(answer.text).toBe("run rig-a-2 is not on rig-a: rig-a-3 is");
  });

  it("with what its verb does not take is refused with the place and what would be right", async () => {
    const { admission } = admitted();
    const args = { alarm: "vibration", reason: "x", by: "mei", forMs: 9 * 3_600_000 };
    const long = await admission.ask({ verb: "alarm shelve", args, sawRevision: 7 }, socket);
    expect(long).toMatchObject({ accepted: false, refusal: "input" });
    expect(long.text).toMatch(/^alarm shelve: forMs: found 32400000, expected/);
    const none = await admission.ask({ verb: "run jump", args: {} }, socket);
    expect(none).toMatchObject({ accepted: false, refusal: "input" });
    const query = await admission.ask({ verb: "rig watch", args: {} }, socket);
    expect(query).toMatchObject({ accepted: false, refusal: "input" });
  });

  it("is answered with the state as it is, whichever verb it is of", async () => {
    for (const { verb, kind } of allVerbs) {
      if (kind !== "command") continue;
      const { admission, keeper } = admitted();
      const answer = await admission.ask({ verb, args: { surely: "not" } }, socket);
      expect(answer.revision, verb).toBe(keeper.now.revision);
      expect(answer.state, verb).toBe(keeper.now.state);
    }
  });
});
