/** A kept rig without a rig: it holds, resumes and counts, and remembers what it was asked. */

import { refusal } from "../../../src/verb/admit.js";
import type { Answer } from "../../../src/verb/answer.js";
import {
  type Asker,
  type Command,
  type Hello,
  type Keeps,
  type News,
  protocol,
} from "../../../src/verb/keeps.js";
import type { AlarmRow, RigPicture } from "../../../src/verb/picture.js";

export const wall = Date.UTC(2026, 10, 30, 12);

export function fakeHello(site: string, rig: string, also: Partial<Hello> = {}): Hello {
  const who = { pid: process.pid, user: "mei", host: "lab-3" };
  const what = { protocol, software: "0.1.0", startedWall: wall, simulated: false };
  return { site, rig, ...who, ...what, ...also };
}

export function fakePicture(rig: string, also: Partial<RigPicture> = {}): RigPicture {
  const exposure = { timeOnTestMs: [60_000, 60_100], timeAtStressMs: [30_000, null] };
  return {
    rig,
    simulated: false,
    atMs: 61_000,
    wall,
    state: "Execute",
    reason: "running",
    sinceWall: wall - 60_000,
    revision: 7,
    run: {
      id: `${rig}-3`,
      profile: "bearing-constant-load",
      atMs: 60_000,
      outcome: null,
      step: { number: 2, of: 5, name: "hold", spentMs: 20_000, lengthMs: 3_600_000 },
      remainingMs: 3_580_000,
      exposure: { ...exposure, turns: [1000, 1010], energyJ: [5, 6] } as never,
      stations: [
        {
          station: "s1",
          specimen: "B-0042",
          outcome: "running",
          suspect: null,
          turns: [1000, 1010],
          damage: [0.001, 0.0011],
        },
      ],
    },
    readings: [
      { role: "speed", value: 3000, unit: "rpm", quality: "good", ageMs: 40, setpoint: 3000 },
      { role: "vibration", station: "s1", value: 1.2, unit: "mm/s", quality: "good", ageMs: 40 },
    ],
    alarms: [fakeAlarm()],
    safety: [],
    lately: ["Starting -> Execute: done"],
    ...also,
  };
}

export function fakeAlarm(also: Partial<AlarmRow> = {}): AlarmRow {
  return {
    id: "vibration@s1",
    limit: "vibration",
    station: "s1",
    priority: "medium",
    reaction: "warn",
    state: "unacknowledged",
    firstOut: false,
    raisedWall: wall - 5000,
    returnedWall: null,
    acknowledgedWall: null,
    acknowledgedBy: null,
    shelvedUntilWall: null,
    reason: null,
    count: 1,
    raisedRevision: 4,
    text: "vibration 3.6 mm/s is above 3.5 mm/s",
    guidance: { en: "listen to the bearing", zh: "听轴承" },
    ...also,
  };
}

const leadsTo: Readonly<Record<string, RigPicture["state"]>> = {
  "run hold": "Holding",
  "run abort": "Aborting",
  "run stop": "Stopping",
  "run resume": "Unholding",
  "rig safe": "Aborting",
};

export class FakeKeeper implements Keeps {
  readonly asked: { command: Command; from: Asker }[] = [];
  readonly #hello: Hello;
  readonly #told = new Set<(news: News) => void>();
  now: RigPicture;

  constructor(hello: Hello, now = fakePicture(hello.rig)) {
    this.#hello = hello;
    this.now = now;
  }

  get followers(): number {
    return this.#told.size;
  }

  hello(): Hello {
    return this.#hello;
  }

  picture(): RigPicture {
    return this.now;
  }

  async ask(command: Command, from: Asker): Promise<Answer> {
    this.asked.push({ command, from });
    const { verb } = command;
    if (verb === "run resume" && this.now.state !== "Held") {
      return refusal(this.now, "state", `not possible in ${this.now.state}`, "hold it first");
    }
    this.change({ state: leadsTo[verb] ?? this.now.state, reason: `${verb} by ${from.by}` });
    const { state, revision, reason } = this.now;
    return { requested: true, accepted: true, state, text: reason, revision };
  }

  change(also: Partial<RigPicture>): void {
    this.now = { ...this.now, ...also, revision: this.now.revision + 1 };
    const { revision, reason } = this.now;
    for (const tell of this.#told) tell({ revision, wall, text: reason });
  }

  follow(tell: (news: News) => void): () => void {
    this.#told.add(tell);
    return () => void this.#told.delete(tell);
  }
}
