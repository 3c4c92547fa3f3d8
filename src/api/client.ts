/** Speaking to the process that keeps a rig, from another process of this machine. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { Cancel, type Clock, withDeadline } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import { type TSchema, valueProblems } from "../base/schema.js";
import { verbNamed } from "../verb/all.js";
import { Answer } from "../verb/answer.js";
import { type Command, Hello, News, protocol } from "../verb/keeps.js";
import { RigPicture } from "../verb/picture.js";
import { isStopped, readNote, thisUser, whoAt, whoIs } from "./note.js";
import { type Place, withAddress } from "./place.js";
import { type CommandBody, largestAnswerBytes, pathOf, protocolHeader } from "./wire.js";

/** A keeper whose loop turns answers at once; one that has not by then hangs. */
const helloWithinMs = 1000;
/** A command is decided after its event is on the disk. */
const answerWithinMs = 10_000;
/** What brings a run reads files and asks every device who it is. */
const bringWithinMs = 60_000;

type Reply = { status: number; text: string };

/**
 * The process that keeps a rig; undefined when nobody does: no such socket, or nobody behind it. Throws
 * `KEEPER_CLOSED` where this user may not speak to it, `KEEPER_SILENT` where it does not answer (each with its pid and
 * user), and `STATE_REFUSED` where it keeps another rig than its name says.
 */
export async function findKeeper(
  places: readonly Place[],
  clock: Clock,
): Promise<KeeperClient | undefined> {
  for (const place of places) {
    const keeper = await KeeperClient.at(place, clock);
    if (keeper !== undefined) return keeper;
  }
  return undefined;
}

export class KeeperClient {
  readonly place: Place;
  readonly hello: Hello;
  readonly #clock: Clock;

  private constructor(place: Place, hello: Hello, clock: Clock) {
    this.place = place;
    this.hello = hello;
    this.#clock = clock;
  }

  static async at(place: Place, clock: Clock): Promise<KeeperClient | undefined> {
    const reply = await exchange(place, clock, helloWithinMs, { method: "GET", path: "/hello" });
    if (reply === undefined) return undefined;
    const hello = helloOf(place, reply);
    if (hello.site !== place.site || hello.rig !== place.rig) {
      const text = `the socket of ${place.rig} (${place.site}) is of ${hello.rig} (${hello.site}), ${whoIs(hello)}`;
      throw new WearoutError("STATE_REFUSED", text);
    }
    return new KeeperClient(place, hello, clock);
  }

  /** `process 4711 of mei on lab-3` */
  get who(): string {
    return whoIs(this.hello);
  }

  /** Throws `PROTOCOL_OTHER` but for hold, abort and safe, and `KEEPER_SILENT` where no answer comes. */
  async ask(command: Command): Promise<Answer> {
    const isAlways = verbNamed(command.verb)?.always === true;
    if (!isAlways) this.#refuseOther();
    const { verb, ...body } = command;
    const own = { by: thisUser(), uid: process.getuid?.() ?? -1, pid: process.pid };
    const asked = { method: "POST", path: pathOf(verb), body: { ...body, ...own } };
    const isLong = verbNamed(verb)?.brings === true;
    const reply = await this.#exchange(asked, isLong ? bringWithinMs : answerWithinMs);
    return this.#valueOf(reply, Answer, [200, 409]) as Answer;
  }

  async picture(): Promise<RigPicture> {
    this.#refuseOther();
    const reply = await this.#exchange({ method: "GET", path: "/rig/status" });
    return this.#valueOf(reply, RigPicture, [200]) as RigPicture;
  }

  /** Pictures as they come, until the keeper ends; one that says nothing for three of them is silent. */
  watch(everyMs: number, cancel?: Cancel): AsyncIterableIterator<RigPicture> {
    const path = `/rig/watch?every=${everyMs}ms`;
    return this.#stream(path, RigPicture, 3 * everyMs + helloWithinMs, cancel);
  }

  /** What happens from now on, until the keeper ends. */
  news(cancel?: Cancel): AsyncIterableIterator<News> {
    return this.#stream("/rig/news", News, Number.POSITIVE_INFINITY, cancel);
  }

  async *#stream<T>(
    path: string,
    schema: TSchema,
    withinMs: number,
    cancel = new Cancel(),
  ): AsyncIterableIterator<T> {
    this.#refuseOther();
    const asked = begin(this.place, { method: "GET", path });
    asked.end();
    const stopListening = cancel.listen(() => asked.destroy());
    try {
      const response = await this.#answered(replyTo(asked), helloWithinMs);
      if (response.statusCode !== 200) {
        throw this.#wrong({ status: response.statusCode ?? 0, text: await textOf(response) });
      }
      const each = createInterface({ input: response })[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await this.#answered(orEnd(each.next()), withinMs);
        if (done === true) return;
        yield this.#valueOf({ status: 200, text: value }, schema, [200]) as T;
      }
    } catch (error) {
      // Whoever wants no more of it is told no more of it.
      if (!cancel.cancelled) throw error;
    } finally {
      stopListening();
      asked.destroy();
    }
  }

  #answered<T>(work: Promise<T>, withinMs: number): Promise<T> {
    if (withinMs === Number.POSITIVE_INFINITY) return work;
    return withDeadline(this.#clock, work, withinMs, () => {
      throw silent(this.place, `says nothing for ${withinMs / 1000} s`);
    });
  }

  async #exchange(asked: Asked, withinMs = answerWithinMs): Promise<Reply> {
    const reply = await exchange(this.place, this.#clock, withinMs, asked);
    if (reply !== undefined) return reply;
    throw new WearoutError("KEEPER_SILENT", `${this.who} has ended; nobody keeps the rig now`);
  }

  #refuseOther(): void {
    if (this.hello.protocol === protocol) return;
    const theirs = `protocol ${this.hello.protocol} (wearout ${this.hello.software})`;
    const text = `${this.who} speaks ${theirs}, this command ${protocol}: use that version; hold, abort and safe work with any`;
    throw new WearoutError("PROTOCOL_OTHER", text);
  }

  #valueOf(reply: Reply, schema: TSchema, statuses: readonly number[]): unknown {
    const value = jsonOf(reply.text);
    const isFine = statuses.includes(reply.status) && valueProblems(schema, value).length === 0;
    if (isFine) return value;
    throw this.#wrong(reply);
  }

  #wrong({ status, text }: Reply): WearoutError {
    const said = (jsonOf(text) as { text?: unknown } | undefined)?.text;
    const words = typeof said === "string" ? said : text.slice(0, 200);
    return new WearoutError("STATE_REFUSED", `${this.who} refuses it (${status}): ${words}`);
  }
}

/** A keeper that is gone in the middle of a line has ended. */
function orEnd(line: Promise<IteratorResult<string>>): Promise<IteratorResult<string>> {
  return line.catch(() => ({ done: true, value: undefined }));
}

type Asked = { method: string; path: string; body?: CommandBody };

/** Undefined when nobody is there. */
async function exchange(
  place: Place,
  clock: Clock,
  withinMs: number,
  asked: Asked,
): Promise<Reply | undefined> {
  const request = begin(place, asked);
  const reply = replyTo(request).then(async (response) => ({
    status: response.statusCode ?? 0,
    text: await textOf(response),
  }));
  request.end(asked.body === undefined ? undefined : JSON.stringify(asked.body));
  try {
    return await withDeadline<Reply>(clock, reply, withinMs, () => {
      throw silent(place, `does not answer within ${withinMs / 1000} s`);
    });
  } catch (error) {
    return whatFailed(place, error as NodeJS.ErrnoException);
  } finally {
    request.destroy();
  }
}

function begin(place: Place, { method, path }: Asked): ClientRequest {
  return httpRequest({
    method,
    path,
    headers: { host: "rig", [protocolHeader]: String(protocol) },
    createConnection: () => withAddress(place.socket, (address) => connect(address)),
  });
}

function replyTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    request.on("error", reject);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const part of response) {
    text += part as string;
    if (text.length > largestAnswerBytes) throw new Error("the answer is too long");
  }
  return text;
}

/** Only these two mean that nobody keeps the rig. */
function whatFailed(place: Place, error: NodeJS.ErrnoException): undefined {
  if (error instanceof WearoutError) throw error;
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") return undefined;
  if (error.code === "EACCES" || error.code === "EPERM") {
    const text = `${place.rig} is kept by ${whoAt(place)}, to whom this user may not speak (${place.socket}: ${error.code})`;
    throw new WearoutError("KEEPER_CLOSED", `${text}; be in the group of the socket`);
  }
  throw silent(place, `cannot be spoken to (${error.code ?? error.message})`);
}

function silent(place: Place, how: string): WearoutError {
  const note = readNote(place.note);
  const stopped =
    note !== undefined && isStopped(note.pid)
      ? `; it is stopped: kill -CONT ${note.pid} lets it go on`
      : "";
  const text = `${place.rig} is kept by ${whoAt(place)}, which ${how}${stopped}`;
  return new WearoutError(
    "KEEPER_SILENT",
    `${text}; if the rig moves, use its emergency stop or isolator`,
  );
}

function helloOf(place: Place, { status, text }: Reply): Hello {
  const value = jsonOf(text);
  if (status === 200 && valueProblems(Hello, value).length === 0) return value as Hello;
  throw silent(place, `answers what is no greeting (${status}: ${text.slice(0, 80)})`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
