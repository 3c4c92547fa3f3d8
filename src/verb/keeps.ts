/** What a process that keeps a rig offers to whoever speaks to it: terminal, socket, page. */
import { type Static, Type } from "../base/schema.js";
import type { Answer } from "./answer.js";
import type { RigPicture } from "./picture.js";

/**
 * Counted up whenever a request or an answer changes its meaning. `run hold`, `run abort` and `rig safe` are understood
 * by every number.
 */
export const protocol = 1;

/** Who keeps which rig. */
export const Hello = Type.Object(
  {
    protocol: Type.Integer(),
    site: Type.String({ description: "real path of the site's folder" }),
    rig: Type.String(),
    pid: Type.Integer(),
    user: Type.String(),
    host: Type.String(),
    software: Type.String(),
    startedWall: Type.Number({ description: "Unix time in milliseconds, UTC" }),
    simulated: Type.Boolean(),
  },
  { $id: "hello", title: "hello" },
);
export type Hello = Static<typeof Hello>;

/** Something that happened; told after it was committed. */
export const News = Type.Object(
  {
    revision: Type.Integer(),
    wall: Type.Number({ description: "Unix time in milliseconds, UTC" }),
    text: Type.String(),
    event: Type.Optional(
      Type.Unknown({ description: "the event as the record or journal has it" }),
    ),
  },
  { $id: "news", title: "news" },
);
export type News = Static<typeof News>;

/** What somebody wants done; `args` are those of the verb's input schema. */
export type Command = {
  verb: string;
  args: Readonly<Record<string, unknown>>;
  /** Of the picture that its sender looked at. */
  sawRevision?: number;
  /** Six digits from the keeper's terminal; for what needs presence. */
  token?: string;
};

/** Who wants it: what the client says of itself, where the system tells nothing. */
export type Asker = {
  /** A user's name. */
  by: string;
  uid?: number;
  pid?: number;
  via: "terminal" | "socket";
};

/**
 * One kept rig. `ask` decides before it first awaits, so that two commands never meet, and resolves as soon as it is
 * decided, never at the end of a ramp; it rejects for our own mistakes only. None of the others waits for anything.
 */
export interface Keeps {
  hello(): Hello;
  picture(): RigPicture;
  ask(command: Command, from: Asker): Promise<Answer>;
  /** Each news once, in order; returns how to stop. `tell` must not throw and does not wait. */
  follow(tell: (news: News) => void): () => void;
}
