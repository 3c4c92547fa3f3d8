/**
 * The log of a process, for people who want to know what it did: commands, clients, what went wrong beside the rig.
 * What counts is an event of the record or the journal; nothing is decided by a log, and nothing waits for it.
 */

/** The first is the rarest; each holds those before it. */
export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts beside a sentence; secrets among them are removed. */
export type LogFacts = Readonly<Record<string, unknown>>;

export interface Log {
  /** May be set at any time. */
  level: LogLevel;
  error(text: string, facts?: LogFacts): void;
  warn(text: string, facts?: LogFacts): void;
  info(text: string, facts?: LogFacts): void;
  debug(text: string, facts?: LogFacts): void;
  /** What was said is in the file, as far as the disk takes it. */
  close(): Promise<void>;
}

/** Of whoever has none. */
export const noLog: Log = {
  level: "error",
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  close: () => Promise.resolve(),
};

const secretName = /token|password|passphrase|secret|authorization|cookie|private.?key/i;
const secretInText = /((?:token|password|passphrase|secret)\b["']?\s*[=: ]\s*["']?)[^\s"',;}]+/gi;
const inAddress = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/gi;
const removed = "[removed]";
const deepest = 6;

/** A copy in which no value stands under a name that says it is secret, nor behind such a word in a text. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return textWithoutSecrets(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return textWithoutSecrets(value.stack ?? value.message);
  if (depth >= deepest) return "[deeper]";
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, depth + 1));
  const entries = Object.entries(value).map(([name, entry]) => {
    return [name, secretName.test(name) ? removed : withoutSecrets(entry, depth + 1)] as const;
  });
  return Object.fromEntries(entries);
}

export function textWithoutSecrets(text: string): string {
  return text.replace(secretInText, `$1${removed}`).replace(inAddress, `$1${removed}`);
}
