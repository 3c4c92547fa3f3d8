/** mbpoll, a command in C over libmodbus: one exchange a process, its output read as a person reads it. */
import { execFile } from "node:child_process";
import type { ClientKind, Told } from "./client-rows.js";

const rounds = 8;

export async function noMbpoll(): Promise<string | undefined> {
  const says = await mbpoll(["-V"]);
  return says === "" ? "mbpoll is not here: apt-get install mbpoll" : undefined;
}

/** Resolves with what was printed; a refusal ends with another status than 0 and is text as well. */
function mbpoll(words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile("mbpoll", words, { timeout: 20_000 }, (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}

export async function mbpollClient(kind: ClientKind, place: string): Promise<Told> {
  const [host = "", port = ""] = place.split(":");
  const line =
    kind === "rtu"
      ? ["-m", "rtu", "-b", "19200", "-P", "even", place]
      : ["-m", "tcp", "-p", port, host];
  const told: Told = { asked: 0, good: 0, wrong: [] };
  for (let round = 0; round < rounds; round++) {
    const [at, value] = [String(round), String(1000 + round)];
    const one = ["-a", "1", "-0", "-1", "-o", "2", "-r", at];
    const wrote = await mbpoll([...one, "-t", "4", ...line, value]);
    const read = await mbpoll([...one, "-t", "4", ...line]);
    const found = /^\[\d+\]:\s+(\S+)/m.exec(read)?.[1];
    told.asked += 2;
    if (/Written 1 reference/.test(wrote)) told.good++;
    if (found !== undefined) told.good++;
    if (found !== undefined && found !== value) told.wrong.push(`${at}: ${found}, not ${value}`);
  }
  return told;
}
