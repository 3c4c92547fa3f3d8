/** Clients of other projects against `wearout device serve`. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Controller } from "../../plant/controller.js";
import { compileC, noProject, type Project, projects, python, sourceOf } from "./foreign.js";
import { onLeave } from "./leave.js";
import { mbpollClient, noMbpoll } from "./mbpoll.js";
import { noPty, openCable } from "./pty.js";
import { type Result, type Row, shareFailure } from "./row.js";

export type ClientKind = "rtu" | "tcp";
/** Values in an answer of the client's own program. */
export type Told = { asked: number; good: number; wrong: string[] };

const kinds: readonly ClientKind[] = ["rtu", "tcp"];
const rounds = 60;
const leastGood = 0.98;
const servedWithinMs = 20_000;
const run = promisify(execFile);

const typeText = `type: peers/table
maker: Peers
model: table
title: Twenty registers and sixteen coils
source: [{ document: this campaign }]
link: { framings: [rtu, tcp], baud: 19200, format: "8E1", unit: 1 }
identify: []
identifyNote: there is nothing to tell it by
points:
${points("r", 20, "holding", "u16")}
${points("c", 16, "coil", "bit")}
examples:
  - { from: this campaign, table: holding, address: 0, words: [1], means: { r0: 1 } }
`;

function points(name: string, count: number, table: string, as: string): string {
  const says = `as: ${as}, unit: "1", access: read-write, confidence: derived`;
  const lines = Array.from(
    { length: count },
    (_, i) => `  ${name}${i}: { table: ${table}, address: ${i}, ${says} }`,
  );
  return lines.join("\n");
}

export function clientRows(): Row[] {
  const ours = projects.flatMap((project) =>
    kinds.map((kind) =>
      client(
        `${project}-client`,
        kind,
        () => noProject(project),
        (place) => askedBy(project, kind, place),
      ),
    ),
  );
  const others = kinds.map((kind) =>
    client("mbpoll-client", kind, noMbpoll, (place) => mbpollClient(kind, place)),
  );
  return [...ours, ...others];
}

async function askedBy(project: Project, kind: ClientKind, place: string): Promise<Told> {
  const words = [kind, place, String(rounds)];
  const js = fileURLToPath(new URL("jsmodbus-client.js", import.meta.url));
  const programs: Record<Project, () => Promise<[string, string[]]>> = {
    libmodbus: async () => [await compileC("libmodbus-client.c"), words],
    pymodbus: async () => [python, [sourceOf("pymodbus-client.py"), ...words]],
    jsmodbus: async () => [process.execPath, [js, ...words]],
  };
  const [program, args] = await programs[project]();
  const { stdout } = await run(program, args, { timeout: 120_000 });
  return JSON.parse(stdout) as Told;
}

function client(
  name: string,
  kind: ClientKind,
  noClient: () => Promise<string | undefined>,
  ask: (place: string) => Promise<Told>,
): Row {
  const missing = async () => (await noClient()) ?? (kind === "rtu" ? noPty() : undefined);
  return {
    name: `${name}/${kind}`,
    isQuick: name === "jsmodbus-client" && kind === "tcp",
    missing,
    run: () => served(kind, ask),
  };
}

async function served(kind: ClientKind, ask: (place: string) => Promise<Told>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "peers-serve-"));
  const forget = onLeave(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "devices/peers"), { recursive: true });
  writeFileSync(join(folder, "devices/peers/table.yaml"), typeText);
  const cable = kind === "rtu" ? await openCable() : undefined;
  const where = cable === undefined ? ["--tcp", "127.0.0.1:0"] : ["--serial", cable.theirs];
  const serving = serve(folder, where);
  const forgetServing = onLeave(() => serving.child.kill("SIGKILL"));
  try {
    const [, place] = await serving.heard(/ on (\S+?)[;,\s]/, servedWithinMs);
    const told = await ask(cable?.ours ?? place!);
    const tooFew = shareFailure(told.good, told.asked, leastGood);
    return { ...told, failures: tooFew === undefined ? [] : [tooFew] };
  } finally {
    serving.signal("SIGTERM");
    await serving.ended;
    forgetServing();
    await cable?.close();
    forget();
    rmSync(folder, { recursive: true, force: true });
  }
}

function serve(folder: string, where: readonly string[]): Controller {
  const nothing = { rig: "", rigs: [], profileFile: "", rigFile: "", remove: () => {} };
  const site = { folder, records: folder, state: folder, ...nothing };
  return new Controller(site, ["device", "serve", "peers/table", "--unit", "1", ...where]);
}
