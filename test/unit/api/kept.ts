/** What the tests of the socket share: folders, served fakes, raw connections, other processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach } from "vitest";
import { type Place, placesOf } from "../../../src/api/place.js";
import { type Served, serveKeeper } from "../../../src/api/server.js";
import { RealClock } from "../../../src/base/clock.js";
import type { Log } from "../../../src/base/log.js";
import { randomStream } from "../../../src/base/random.js";
import { Admission } from "../../../src/verb/admit.js";
import type { Hello } from "../../../src/verb/keeps.js";
import { FakeKeeper, fakeHello } from "./fake-keeper.js";

export const site = "/srv/lab";
export const rig = "rig-a";
export const clock = new RealClock();

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wearout-api-"));
  folders.push(folder);
  return folder;
}

export function placeIn(stateFolder: string, ofSite = site, ofRig = rig): Place {
  return placesOf({ env: {}, stateFolder, isNamed: true }, ofSite, ofRig)[0]!;
}

const open: Served[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

export type Kept = { place: Place; keeper: FakeKeeper; admission: Admission; served: Served };

/** A fake rig served in this process until the end of the test. */
export async function serve(
  place = placeIn(newFolder()),
  { hello, ...how }: { withinMs?: number; log?: Log; hello?: Partial<Hello> } = {},
): Promise<Kept> {
  const keeper = new FakeKeeper(fakeHello(place.site, place.rig, hello));
  const admission = new Admission(keeper, clock, randomStream(1, "token"));
  const served = await serveKeeper(admission, place, clock, how);
  open.push(served);
  return { place, keeper, admission, served };
}

const script = fileURLToPath(new URL("./keeper-process.js", import.meta.url));

/** The same in another process; resolves when it serves or has ended. */
export async function serveElsewhere(
  folder: string,
  hello: Partial<Hello> = {},
  ofSite = site,
): Promise<{ child: ChildProcess; said: string }> {
  const args = [script, folder, ofSite, rig, JSON.stringify(hello)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const serving = once(createInterface({ input: child.stdout }), "line");
  await Promise.race([serving, once(child, "close")]);
  return { child, said };
}

export function kill(child: ChildProcess): Promise<unknown> {
  const gone = once(child, "close");
  child.kill("SIGKILL");
  return gone;
}

export function rawConnection({ socket }: Place): Socket {
  return connect(socket).on("error", () => {});
}

/** Everything that is answered to these bytes until the server ends the connection. */
export async function answerToBytes(place: Place, bytes: string): Promise<string> {
  const socket = rawConnection(place);
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  socket.write(bytes);
  await once(socket, "close");
  return text;
}

export type Reply = { status: number; text: string };

export function ask(
  { socket }: Place,
  method: string,
  path: string,
  { body = "", headers = { "wearout-protocol": "1" } }: { body?: string; headers?: object } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: socket, method, path, headers: { ...headers } };
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
