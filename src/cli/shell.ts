import type { Host } from "./machine/host.js";
import type { Output } from "./output.js";
import type { Site } from "./site.js";

/** What every command is given; an action answers with the exit status. */
export type Shell = {
  out: Output;
  /** From now on talk goes there, in the place of stderr; undefined: to stderr again. */
  divertTalk(to: ((text: string) => void) | undefined): void;
  env: NodeJS.ProcessEnv;
  /** The command as it is typed here: `wearout`, `node bin/wearout.js`. */
  readonly program: string;
  readonly host: Host;
  /** As given by `--site`. */
  siteFolder(): string;
  site(): Site;
  /** Makes an action out of a function that answers with the exit status. */
  action<A extends unknown[]>(
    run: (...args: A) => Promise<number> | number,
  ): (...args: A) => Promise<void>;
};
