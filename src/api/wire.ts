/** What server and client say to each other beside the schemas of the verbs: HTTP/1.1 with JSON (docs/verbs.md). */
import { type Static, Type } from "../base/schema.js";

/** Its value is the protocol number of who sends. */
export const protocolHeader = "wearout-protocol";

/** A request is a few words; a picture of 64 stations has some 100 kB. */
export const largestRequestBytes = 16_384;
export const largestAnswerBytes = 4_000_000;

/** Body of a command. Who sends it says so himself: the socket's rights say who may. */
export const CommandBody = Type.Object({
  args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  sawRevision: Type.Optional(Type.Integer()),
  token: Type.Optional(Type.String({ maxLength: 64 })),
  by: Type.Optional(Type.String({ maxLength: 200 })),
  uid: Type.Optional(Type.Integer()),
  pid: Type.Optional(Type.Integer()),
});
export type CommandBody = Static<typeof CommandBody>;

/** Of a request that never came to be a command; one line of JSON. */
export const WireError = Type.Object(
  {
    code: Type.String({ description: "a word that stays the same, as TOO_LARGE" }),
    text: Type.String({ description: "one sentence for people" }),
  },
  { $id: "wire-error", title: "wire error" },
);
export type WireError = Static<typeof WireError>;

/** `/run/hold` of `run hold`. */
export function pathOf(verb: string): string {
  return `/${verb.replace(" ", "/")}`;
}

/** One line of JSON. */
export function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
