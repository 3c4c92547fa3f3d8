/** What goes with a real rig as long as this process keeps it: journal, alarms, and the socket that others speak to. */
import { randomInt } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { placesOf } from "../api/place.js";
import { type Served, serveKeeper } from "../api/server.js";
import type { Clock } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { type Log, logLevels } from "../base/log.js";
import { Keeper } from "../keeper/keeper.js";
import type { PlanStore } from "../keeper/plan-store.js";
import { alarmEvent, RigBook } from "../keeper/rig-book.js";
import { type Audience, noteWhoIsTold } from "../keeper/told-notes.js";
import { WallWatch } from "../keeper/wall-watch.js";
import { bookOf } from "../limit/alarm/book.js";
import { changesAnew } from "../limit/alarm/carry.js";
import type { AlarmChange } from "../limit/alarm/change.js";
import { type Journal, openJournal } from "../record/journal/journal.js";
import { journalBeside } from "../record/journal/standing.js";
import type { BoundRig } from "../rig/bind.js";
import type { LoadedRig } from "../rig/load.js";
import { machineId, planFile, stateFolder } from "../rig/safe-plan-file.js";
import { Admission } from "../verb/admit.js";
import { Desk } from "../verb/desk.js";
import { type Hello, type Keeps, protocol } from "../verb/keeps.js";
import type { Shell } from "./shell.js";
import { sitePath, softwareVersion } from "./site.js";
import { timeSyncOf } from "./time-sync.js";

export type KeptRigParts = {
  rig: BoundRig;
  loaded: LoadedRig;
  clock: Clock;
  simulated: boolean;
  /** State folder as given. */
  state: string | undefined;
  /** Of a real rig. */
  store: PlanStore | undefined;
};

export type Kept = {
  keeper: Keeper;
  /** None of a simulated rig: nobody else can speak to it. */
  desk: Desk | undefined;
  /** The same behind its checks, for whoever stands at this terminal. */
  counter: Keeps | undefined;
  /** What the keeper's own terminal shows to whoever stands there. */
  token: () => string | undefined;
  /** Lets everything go; the rig's lines with it. */
  close(): Promise<void>;
};

/**
 * A simulated rig has no journal and no socket. Throws `STATE_REFUSED` or `RECORD_LOCKED` where another process keeps
 * the rig, its lines closed then. Where there can be no socket this is said, and the rig is kept all the same.
 */
export async function keepOpen(shell: Shell, parts: KeptRigParts): Promise<Kept> {
  const { rig, loaded, clock } = parts;
  if (parts.simulated) {
    const keeper = new Keeper({ rig, limits: loaded.limits, clock });
    const close = () => keeper.close();
    return { keeper, desk: undefined, counter: undefined, token: () => undefined, close };
  }
  try {
    return await keepReal(shell, parts);
  } catch (error) {
    await rig.close();
    throw error;
  }
}

async function keepReal(shell: Shell, parts: KeptRigParts): Promise<Kept> {
  const { rig, loaded, clock } = parts;
  const site = sitePath(shell.siteFolder());
  const folder = stateFolder(parts.state, shell.env);
  const changes: AlarmChange[] = [];
  const place = {
    file: journalBeside(planFile(folder, site, rig.name)),
    ...{ rig: rig.name, site, machine: machineId(), software: softwareVersion },
  };
  let book: RigBook | undefined;
  const alarms = () => book?.alarms ?? bookOf(changes);
  const journal = await openJournal(place, clock, {
    tell: (text) => shell.out.talk(text),
    fold: (event) => {
      if (event.kind === "alarm") changes.push(event.data as AlarmChange);
    },
    carry: () => changesAnew(alarms()).map((change) => alarmEvent(change)),
  });
  const log = await logBeside(shell, planFile(folder, site, rig.name), clock);
  const wall = new WallWatch(clock, () => timeSyncOf(shell.host, shell.host.wall()));
  const rigBook = new RigBook(rig.name, clock, journal, alarms(), () => wall.isTrusted);
  book = rigBook;
  let served: Served | undefined;
  noteWhoIsTold(rigBook, () => audiencesOf(shell, served));
  rig.watch((sample) => {
    for (const event of wall.look(sample)) void rigBook.note(event);
  });
  book.goOn(loaded.limits);
  const neighbours = (lines: readonly string[]) => parts.store?.neighbours(lines) ?? [];
  const keeper = new Keeper({ rig, limits: loaded.limits, clock, book, neighbours });
  const desk = new Desk({
    ...{ keeper, loaded, clock, hello: helloOf(site, rig, clock), log },
    abandoned: (by, reason) => leave(parts, by, reason),
  });
  desk.follow(({ text }) => log.info(text));
  const admission = new Admission(desk, clock, () => randomInt(2 ** 32) / 2 ** 32);
  try {
    served = await serve(shell, admission, { folder, site, parts, log });
    const close = () => closeAll({ keeper, served, journal, log });
    const token = () => (served === undefined ? undefined : admission.token);
    return { keeper, desk, counter: admission, token, close };
  } catch (error) {
    await journal.close().catch(() => {});
    throw error;
  }
}

function leave({ store, clock }: KeptRigParts, by: string, reason: string): void {
  const word = { by, reason, wall: Math.round(clock.wall()) };
  store?.answer(word, { taken: true, text: "it lets go, and its process ends" });
}

async function closeAll(open: {
  keeper: Keeper;
  served: Served | undefined;
  journal: Journal;
  log: Log;
}): Promise<void> {
  await open.served?.close();
  await open.keeper.close();
  // That it was refused has been told.
  await open.journal.close().catch(() => {});
  await open.log.close();
}

/** Loaded where there is something to log: pino takes longer than all of a short command. */
async function logBeside({ env, out }: Shell, plan: string, clock: Clock): Promise<Log> {
  const { openLog } = await import("../base/log-file.js");
  const level = logLevels.find((word) => word === env["WEAROUT_LOG"]) ?? "info";
  const file = plan.replace(/\.plan\.json$/, ".log");
  return openLog({ file, level, clock, tell: (text) => out.talk(text) });
}

async function serve(
  { env, out }: Shell,
  admission: Admission,
  open: { folder: string; site: string; parts: KeptRigParts; log: Log },
): Promise<Served | undefined> {
  const { folder, site, parts, log } = open;
  const isNamed = Boolean(parts.state || env["WEAROUT_STATE"]);
  const [place] = placesOf({ env, stateFolder: folder, isNamed }, site, parts.rig.name);
  try {
    return place === undefined
      ? undefined
      : await serveKeeper(admission, place, parts.clock, { log, key: admission.key });
  } catch (error) {
    if (!(error instanceof WearoutError) || error.code !== "STATE_FAILED") throw error;
    out.talk(`${error.message}; this rig is spoken to at this terminal only`);
    return undefined;
  }
}

function helloOf(site: string, rig: BoundRig, clock: Clock): Hello {
  const { pid } = process;
  const who = { pid, user: userInfo().username, host: hostname(), software: softwareVersion };
  const wall = { startedWall: clock.wall(), simulated: rig.simulated };
  return { protocol, site, rig: rig.name, ...who, ...wall };
}

/** Who sees what this process tells. */
function audiencesOf({ out }: Shell, served: Served | undefined): Audience[] {
  const readers = served?.readers() ?? 0;
  const terminal = { to: `the terminal of process ${process.pid}`, via: "terminal" };
  return [
    ...(out.isTerminal ? [terminal] : []),
    ...(readers > 0 ? [{ to: `${readers} at the socket`, via: "socket" }] : []),
  ];
}
