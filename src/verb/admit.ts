/** What stands between a sender and a kept rig: form, presence, the state that was seen. */
import type { Clock } from "../base/clock.js";
import { own } from "../base/own.js";
import type { Random } from "../base/random.js";
import { valueProblems } from "../base/schema.js";
import { verbNamed } from "./all.js";
import type { Answer, Refusal } from "./answer.js";
import type { Asker, Command, Hello, Keeps, News } from "./keeps.js";
import type { RigPicture } from "./picture.js";
import {
  isPass,
  newPresence,
  newSecret,
  type Presence,
  presenceAt,
  taking,
  tryCode,
  tryPass,
} from "./presence.js";
import type { VerbSpec } from "./verb.js";

/**
 * A kept rig behind its checks: what reaches `inner` has the form of its verb, comes from somebody who may, and is bound
 * to the state as it is. Commands that are bound go in one after the other; hold, abort and safe wait for nobody.
 */
export class Admission implements Keeps {
  readonly #inner: Keeps;
  readonly #clock: Clock;
  readonly #random: Random;
  #presence: Presence;
  #before: Promise<unknown> = Promise.resolve();
  /** Whoever can read it is the keeper's user: the digits of the keeper's terminal are shown to him. */
  readonly key: string;

  constructor(inner: Keeps, clock: Clock, random: Random) {
    this.#inner = inner;
    this.#clock = clock;
    this.#random = random;
    this.#presence = newPresence(clock.elapsed(), random);
    this.key = newSecret(random);
  }

  /** For the keeper's terminal, and nowhere else. */
  get token(): string {
    this.#presence = presenceAt(this.#presence, this.#clock.elapsed(), this.#random);
    return this.#presence.code;
  }

  hello(): Hello {
    return this.#inner.hello();
  }

  picture(): RigPicture {
    return this.#inner.picture();
  }

  follow(tell: (news: News) => void): () => void {
    return this.#inner.follow(tell);
  }

  ask(command: Command, from: Asker): Promise<Answer> {
    const spec = verbNamed(command.verb);
    if (spec?.always === true) return this.#inner.ask(knownOf(spec, command), from);
    const answer = this.#before.then(() => this.#askNow(spec, command, from));
    this.#before = answer.catch(() => {});
    return answer;
  }

  async #askNow(spec: VerbSpec | undefined, command: Command, from: Asker): Promise<Answer> {
    const now = this.#inner.picture();
    const refused =
      formRefusal(spec, command, now) ??
      seenRefusal(spec, command, from, now) ??
      this.#keyRefusal(command, from, now) ??
      this.#presenceRefusal(spec, command, from, now);
    if (refused !== undefined) return refused;
    const answer = await this.#inner.ask(command, from);
    return answer.accepted ? { ...answer, ...this.#proofOf(command.verb, from) } : answer;
  }

  #proofOf(verb: string, { by }: Asker): { token?: string } {
    if (verb === "rig token") return { token: this.token };
    if (verb !== "rig take") return {};
    this.#presence = taking(this.#presence, by, this.#clock.elapsed(), this.#random);
    return { token: this.#presence.taken?.pass ?? "" };
  }

  #keyRefusal({ verb, token }: Command, { via }: Asker, now: RigPicture): Answer | undefined {
    if (verb !== "rig token" || via === "terminal" || token === this.key) return undefined;
    const { user } = this.hello();
    const text = `the digits of ${now.rig} are shown to ${user} alone`;
    const possible = `look at the keeper's terminal, or as ${user}: wearout rig token ${now.rig}`;
    return refusal(now, "presence", text, possible);
  }

  #presenceRefusal(
    spec: VerbSpec | undefined,
    { verb, token }: Command,
    { via }: Asker,
    now: RigPicture,
  ): Answer | undefined {
    if (spec?.presence !== true || via === "terminal") return undefined;
    const digits = `the six digits shown there (--token; without one: wearout rig token ${now.rig})`;
    const possible = `type it at the keeper's own terminal, or give ${digits}`;
    if (token === undefined) {
      return refusal(now, "presence", `${verb} needs a person at the rig`, possible);
    }
    const at = this.#clock.elapsed();
    const tried = isPass(token)
      ? tryPass(this.#presence, token, at)
      : tryCode(this.#presence, token, at, this.#random);
    this.#presence = tried.presence;
    return tried.isThere ? undefined : refusal(now, "presence", tried.why, possible);
  }
}

/** Of a command that is always taken only what it may hold; whatever else stands there is passed over. */
function knownOf({ input }: VerbSpec, { verb, args }: Command): Command {
  const known = (input.properties ?? {}) as Record<string, VerbSpec["input"]>;
  const fits = Object.entries(args).filter(([name, value]) => {
    const schema = own(known, name);
    return schema !== undefined && valueProblems(schema, value).length === 0;
  });
  return { verb, args: Object.fromEntries(fits) };
}

function formRefusal(
  spec: VerbSpec | undefined,
  { verb, args }: Command,
  now: RigPicture,
): Answer | undefined {
  if (spec?.kind !== "command") {
    return refusal(now, "input", `"${verb}" is no command of a kept rig`);
  }
  const [problem] = valueProblems(spec.input, args);
  if (problem !== undefined) return refusal(now, "input", `${verb}: ${problem}`);
  const meant = args["run"];
  if (meant === undefined || meant === now.run?.id) return undefined;
  if (spec.brings && now.run === null) return undefined;
  const there = now.run === null ? "no run is" : `${now.run.id} is`;
  return refusal(now, "other", `run ${String(meant)} is not on ${now.rig}: ${there}`);
}

/** The one at the terminal has the state before his eyes. */
function seenRefusal(
  spec: VerbSpec | undefined,
  { verb, sawRevision }: Command,
  { via }: Asker,
  now: RigPicture,
): Answer | undefined {
  if (spec?.bound !== true || via === "terminal" || sawRevision === now.revision) return undefined;
  const possible = "look again (rig status), and ask again with what is seen now";
  const text =
    sawRevision === undefined
      ? `${verb} must say which state its sender saw`
      : `the state has changed since it was looked at: ${now.state}, ${now.reason}`;
  return refusal(now, "changed", text, possible);
}

/** A command that is not taken; `possible`: what would make it so. */
export function refusal(
  { state, revision }: Pick<RigPicture, "state" | "revision">,
  why: Refusal,
  text: string,
  possible?: string,
): Answer {
  const way = possible === undefined ? {} : { whatWouldMakeItPossible: possible };
  return { requested: true, accepted: false, refusal: why, state, text, ...way, revision };
}
