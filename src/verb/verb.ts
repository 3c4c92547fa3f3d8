/** What every verb says of itself: what it takes, what it answers, and what it asks of its sender. */
import { Strict, type TSchema, Type } from "../base/schema.js";
import { Answer } from "./answer.js";

/** A command goes to who keeps the rig and changes something; a query reads once; a stream goes on. */
export type VerbKind = "command" | "query" | "stream";

/** Names are the words of the command line, `run hold`; the socket has them as `POST /run/hold`. */
export type VerbSpec<
  Name extends string = string,
  Input extends TSchema = TSchema,
  Output extends TSchema = TSchema,
> = {
  readonly verb: Name;
  readonly kind: VerbKind;
  /** One line for a help and a page. */
  readonly says: string;
  /** It may set something in motion: typed at the keeper's own terminal, or with the token shown there. */
  readonly presence: boolean;
  /** It is refused when the state is no longer the one that its sender saw. */
  readonly bound: boolean;
  /** It may bring a run to a rig that has none: the run it names need not be there yet, and it takes its time. */
  readonly brings: boolean;
  /** Never changes: a sender of any protocol number may ask for it, whatever else stands in the request. */
  readonly always: boolean;
  readonly input: Input;
  readonly output: Output;
};

type Demands = Partial<Pick<VerbSpec, "presence" | "bound" | "brings">>;

/** Bound to the state that was seen unless it says otherwise. */
export function command<const N extends string, I extends TSchema>(
  verb: N,
  says: string,
  input: I,
  { presence = false, bound = true, brings = false }: Demands = {},
): VerbSpec<N, I, typeof Answer> {
  const demands = { presence, bound, brings, always: false };
  return { verb, kind: "command", says, ...demands, input, output: Answer };
}

/** Away from energy, from anywhere, in every state. */
export function alwaysCommand<const N extends string, I extends TSchema>(
  verb: N,
  says: string,
  input: I,
): VerbSpec<N, I, typeof Answer> {
  const demands = { presence: false, bound: false, brings: false, always: true };
  return { verb, kind: "command", says, ...demands, input, output: Answer };
}

/** Changes nothing; `stream`: a line of JSON for each, until one of both ends it. */
export function reading<const N extends string, O extends TSchema>(
  verb: N,
  kind: "query" | "stream",
  says: string,
  output: O,
): VerbSpec<N, typeof Nothing, O> {
  const demands = { presence: false, bound: false, brings: false, always: false };
  return { verb, kind, says, ...demands, input: Nothing, output };
}

export const Nothing = Strict({});

/** Why the keeper is asked, for its journal; one line. */
export const Reason = Type.String({
  minLength: 1,
  maxLength: 1000,
  description: "why, one line, for the record",
});

/** Whoever signs, where the word of a person counts. */
export const By = Type.String({ minLength: 1, maxLength: 200, description: "who says so" });
