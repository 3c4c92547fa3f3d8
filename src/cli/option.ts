import { WearoutError } from "../base/error.js";

function usage(message: string): never {
  throw new WearoutError("USAGE", message);
}

/** `127.0.0.1:1502`, `[::1]:1502`; the host without its brackets. */
export function hostPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port > 65535)
    return usage(`"${text}" is no HOST:PORT, as 127.0.0.1:1502 or [::1]:1502`);
  return { host, port };
}

/** A whole number in decimal or 0x hex, within bounds. */
export function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= lowest && value <= highest) return value;
  return usage(`${name}: found "${text}", expected a whole number from ${lowest} to ${highest}`);
}

/** `--set a=1 --set b=2`, each name once. */
export function assignments(name: string, texts: readonly string[]): [string, string][] {
  const seen = new Set<string>();
  return texts.map((text) => {
    const at = text.indexOf("=");
    if (at <= 0) usage(`${name}: found "${text}", expected NAME=VALUE`);
    const key = text.slice(0, at);
    if (seen.has(key)) usage(`${name}: found ${key} a second time, expected every name once`);
    seen.add(key);
    return [key, text.slice(at + 1)];
  });
}

/** Collects a repeatable option. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function oneOf<const W extends readonly string[]>(
  name: string,
  text: string,
  words: W,
): W[number] {
  return (
    words.find((w) => w === text) ??
    usage(`${name}: found "${text}", expected one of ${words.join(", ")}`)
  );
}
