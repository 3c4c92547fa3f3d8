/** Case S7: no signal leaves a plant turning; what means nothing is ignored. */
import { expect, it } from "vitest";
import { monotonicMs } from "../plant/config.js";
import { isDead, isStop, longestTestMs, patienceMs, Scene } from "../plant/scene.js";

for (const signal of ["SIGQUIT", "SIGTERM", "SIGHUP", "SIGINT"] as const) {
  it.concurrent(
    `${signal} holds the run, makes the rig safe, leaves the run open and ends with 0`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await Scene.make({}, atEnd);
      const run = await scene.running();
      run.signal(signal);
      const { status, talk, out } = await run.ended;
      expect(isDead(await scene.plant.state()), "nothing has energy when the process ends").toBe(
        true,
      );
      expect(status).toBe(0);
      expect(talk + out).toMatch(/run resume plant-rig-1 goes on/);
      expect(talk + out).toMatch(/run stop plant-rig-1 ends it/);
      if (signal !== "SIGINT") return;
      const again = await scene.command(
        ...["run", "start", "short", "--rig", "plant-rig", "--specimen", "c,d"],
      ).ended;
      expect(again.status, "an open run blocks its rig").toBe(5);
    },
    longestTestMs,
  );
}

it.concurrent(
  "SIGUSR1, SIGUSR2 and SIGALRM change nothing, and no inspector opens",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    for (const signal of ["SIGUSR1", "SIGUSR2", "SIGALRM"] as const) run.signal(signal);
    const at = monotonicMs();
    await scene.plant.until("five cycles are over", ({ atMs }) => atMs - at > 1000, patienceMs);
    expect(run.isAlive).toBe(true);
    expect(run.talk + run.out).not.toMatch(/Debugger listening/);
    expect((await scene.plant.stamps(at + 600)).length).toBeGreaterThan(0);
    expect(scene.plant.writes.filter((s) => s.atMs > at && isStop(s))).toEqual([]);
    expect((await scene.plant.state()).shafts["shaft"]!.rpm).toBeGreaterThan(500);
  },
  longestTestMs,
);

it.concurrent(
  "Ctrl-C at rig safe names the command that leaves that rig, as it is typed here",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    await (await scene.running()).killed();
    // It acknowledges its stop and turns on.
    await scene.plant.mode("spindle", { local: true });
    const safe = scene.command("rig", "safe", "plant-rig");
    await safe.heard(/NOT SAFE/, patienceMs);
    safe.signal("SIGINT");
    await safe.heard(
      /plant-rig: going on until .*: node bin\/wearout\.js --site \S+ rig abandon plant-rig --reason/,
      patienceMs,
    );
  },
  longestTestMs,
);

it.concurrent(
  "a second Ctrl-C aborts at once and leaves nothing moving",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    // A drive that does not follow its ramp down: only the abort takes its energy.
    await scene.plant.mode("spindle", { refuses: [0x1000] });
    run.signal("SIGINT");
    const first = monotonicMs();
    await scene.plant.until(
      "more than a second is over",
      ({ atMs }) => atMs - first > 1200,
      patienceMs,
    );
    run.signal("SIGINT");
    const second = monotonicMs();
    const { status } = await run.ended;
    expect(status).not.toBe(130);
    expect(isDead(await scene.plant.state())).toBe(true);
    const stop = scene.plant.writes.find((s) => s.atMs >= first && isStop(s))!;
    expect(stop.atMs - second, "time").toBeLessThan(2000);
  },
  longestTestMs,
);
