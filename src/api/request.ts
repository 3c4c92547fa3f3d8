/** One request read within bounds, and what is wrong with it as a status and a sentence. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { valueProblems } from "../base/schema.js";
import { CommandBody, largestRequestBytes, lineOf, type WireError } from "./wire.js";

/** A request that is answered with an HTTP status and one line of JSON. */
export class Refused extends Error {
  readonly status: number;
  readonly body: WireError;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.status = status;
    this.body = { code, text };
  }
}

/** Throws `Refused` where it is too long, and rejects where the sender has gone in the middle of it. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request) {
    text += part as string;
    if (text.length > largestRequestBytes) {
      const most = `expected at most ${largestRequestBytes} bytes`;
      throw new Refused(413, "TOO_LARGE", `found a request that is too long, ${most}`);
    }
  }
  return text;
}

/** Throws `Refused` for what is no JSON or has not the form. */
export function commandBody(text: string): CommandBody {
  const value = text.trim() === "" ? {} : parsed(text);
  const [problem] = valueProblems(CommandBody, value);
  if (problem !== undefined) throw new Refused(400, "BAD_REQUEST", problem);
  return value as CommandBody;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused(400, "BAD_REQUEST", `the request is no JSON: ${(error as Error).message}`);
  }
}

/** What can be read of it, if anything: who takes energy away need not spell well, nor stay. */
export async function anyBody(request: IncomingMessage): Promise<CommandBody> {
  try {
    return commandBody(await bodyOf(request));
  } catch {
    return {};
  }
}

export function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = lineOf(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
