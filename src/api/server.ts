/** The verbs of one kept rig, served on a unix socket. Nothing that a client does or leaves undone holds up the rig. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Cancel, type Clock } from "../base/clock.js";
import { type Log, noLog } from "../base/log.js";
import { parseQuantity } from "../base/quantity.js";
import { verbNamed } from "../verb/all.js";
import type { Command, Keeps } from "../verb/keeps.js";
import { protocol } from "../verb/keeps.js";
import type { VerbSpec } from "../verb/verb.js";
import { type Owned, takePlace } from "./own-place.js";
import type { Place } from "./place.js";
import { anyBody, bodyOf, commandBody, Refused, send } from "./request.js";
import { Streams, tickMs } from "./streams.js";
import { lineOf, pathOf, protocolHeader } from "./wire.js";

/** Who has not said what he wants by then is cut off. */
const usualWithinMs = 5000;
const keepOpenMs = 5000;
const largestHeaderBytes = 8192;
const mostConnections = 256;
const usualEveryMs = 1000;
/** A socket that was removed is made again so soon: whoever wants to stop the rig must find it. */
const lookAgainMs = 1000;
const longestEveryMs = 60_000;

export type Served = {
  /** Streams that somebody reads now: pictures and news. */
  readers(): number;
  /** Clients are let go, and the socket is removed. */
  close(): Promise<void>;
};

/** `key`: written beside the socket, for the user of this process alone. */
export type ServeOptions = { withinMs?: number; log?: Log; key?: string };

/**
 * Serves `keeps` at its place. Throws `STATE_REFUSED` where a living process has the place, `STATE_FAILED` where there
 * can be no socket; what is wrong later with one client is that client's matter.
 */
export async function serveKeeper(
  keeps: Keeps,
  place: Place,
  clock: Clock,
  { withinMs = usualWithinMs, log = noLog, key }: ServeOptions = {},
): Promise<Served> {
  const streams = new Streams(keeps, clock, log);
  const serving = { keeps, streams, log, key };
  const again = () => listen(serving, place, clock, withinMs);
  const open: Listening[] = [await again()];
  const cancel = new Cancel();
  void keepThere(open, again, clock, cancel);
  return {
    readers: () => streams.count,
    close: async () => {
      cancel.cancel();
      streams.close();
      await Promise.all(open.map(closeOne));
    },
  };
}

type Listening = { server: Server; owned: Owned };

async function listen(
  serving: Serving,
  place: Place,
  clock: Clock,
  withinMs: number,
): Promise<Listening> {
  const { keeps, log } = serving;
  const server = createServer(
    {
      requestTimeout: withinMs,
      headersTimeout: withinMs,
      connectionsCheckingInterval: withinMs / 5,
      keepAliveTimeout: keepOpenMs,
      maxHeaderSize: largestHeaderBytes,
    },
    (request, response) => void handle(serving, request, response),
  );
  server.maxConnections = mostConnections;
  server.on("clientError", (error, socket) => refuseBytes(error, socket, log));
  const owned = await takePlace(server, place, keeps.hello(), clock, serving.key);
  log.info(`serving ${place.rig} of ${place.site}`, { socket: place.socket });
  return { server, owned };
}

/** Systems clean up folders of the moment, and people do. Who is connected stays connected. */
async function keepThere(
  open: Listening[],
  again: () => Promise<Listening>,
  clock: Clock,
  cancel: Cancel,
): Promise<void> {
  while (!cancel.cancelled) {
    await clock.sleep(lookAgainMs, cancel);
    if (cancel.cancelled || open.at(-1)?.owned.isThere() === true) continue;
    try {
      const one = await again();
      open.push(one);
      if (cancel.cancelled) await closeOne(one);
    } catch {
      // The place is another's, or cannot be made now: it is tried again.
    }
  }
}

function closeOne({ server, owned }: Listening): Promise<void> {
  owned.release();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What is no HTTP, or not complete in time. */
function refuseBytes(error: NodeJS.ErrnoException, socket: Duplex, log: Log): void {
  log.debug("a connection is ended", { error: error.code ?? error.message });
  if (!socket.writable) return void socket.destroy();
  const isLate = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const [status, code] = isLate ? ["408 Request Timeout", "LATE"] : ["400 Bad Request", "NO_HTTP"];
  const text = isLate ? "the request was not complete in time" : "what came is no HTTP request";
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n`;
  socket.end(`${head}${lineOf({ code, text })}`);
}

type Serving = { keeps: Keeps; streams: Streams; log: Log; key: string | undefined };

async function handle(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.on("error", () => {});
  try {
    await route(serving, request, response);
  } catch (error) {
    if (error instanceof Refused) refuse(serving, request, response, error);
    // The sender has gone: nobody is there to be told.
    else if (request.errored !== null) response.destroy();
    else {
      serving.log.error(`${request.method} ${request.url} met a defect`, { error });
      const text = `a defect of Wearout: ${(error as Error).message}`;
      send(response, 500, { code: "DEFECT", text });
    }
  }
}

function refuse(
  { log }: Serving,
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { status, body }: Refused,
): void {
  log.warn(`${method} ${url} is refused: ${body.text}`, { code: body.code });
  send(response, status, body);
}

async function route(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { keeps, streams } = serving;
  const url = urlOf(request);
  const verb = url.pathname.slice(1).replace("/", " ");
  const spec = verbNamed(verb);
  if (url.pathname === "/hello") return send(response, 200, keeps.hello());
  if (spec?.kind === "command") return await command(serving, spec, request, response);
  refuseOther(keeps, request);
  if (request.method !== "GET") throw noSuch(request);
  if (url.pathname === "/rig/news") return streams.follow(response);
  if (verb === "rig watch") return streams.watch(response, everyOf(url));
  if (verb === "rig status") return send(response, 200, keeps.picture());
  if (verb === "alarm list") return send(response, 200, keeps.picture().alarms);
  throw noSuch(request);
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? "/", "http://rig");
  } catch {
    throw noSuch(request);
  }
}

function noSuch({ method, url }: IncomingMessage): Refused {
  return new Refused(404, "NO_SUCH_VERB", `${method} ${url} is no verb of a kept rig`);
}

/** An answer that this sender would take for something else is no answer. */
function refuseOther(keeps: Keeps, { headers }: IncomingMessage): void {
  const theirs = headers[protocolHeader];
  if (theirs === String(protocol)) return;
  const { software } = keeps.hello();
  const found = theirs === undefined ? "no protocol number" : `protocol ${String(theirs)}`;
  const text = `found ${found}, expected ${protocol} (wearout ${software}); hold, abort and safe need none`;
  throw new Refused(426, "PROTOCOL_OTHER", text);
}

async function command(
  { keeps, log }: Serving,
  spec: VerbSpec,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") {
    throw new Refused(405, "BAD_METHOD", `${pathOf(spec.verb)} is asked for by POST`);
  }
  if (!spec.always) refuseOther(keeps, request);
  const body = spec.always ? await anyBody(request) : commandBody(await bodyOf(request));
  const { args = {}, by = "somebody at the socket", sawRevision, token, uid, pid } = body;
  const asked: Command = {
    verb: spec.verb,
    args,
    ...(sawRevision === undefined ? {} : { sawRevision }),
    ...(token === undefined ? {} : { token }),
  };
  const who = { ...(uid === undefined ? {} : { uid }), ...(pid === undefined ? {} : { pid }) };
  const answer = await keeps.ask(asked, { by, ...who, via: "socket" });
  const came = answer.accepted ? "accepted" : `refused (${answer.refusal}): ${answer.text}`;
  log.info(`${spec.verb} by ${by}: ${came}`, { args, ...who });
  send(response, answer.accepted ? 200 : 409, answer);
}

/** `?every=2s`, between one tick and a minute. */
function everyOf(url: URL): number {
  const text = url.searchParams.get("every");
  if (text === null) return usualEveryMs;
  const quantity = parseQuantity(text);
  const ms = quantity?.dimension === "time" ? quantity.value : Number.NaN;
  if (ms >= tickMs && ms <= longestEveryMs) return ms;
  const expected = `expected a time from ${tickMs} ms to ${longestEveryMs / 1000} s`;
  throw new Refused(400, "BAD_REQUEST", `every: found "${text}", ${expected}`);
}
