/**
 * How long a verb takes over the socket, from the first byte of the request to the decoded answer: `npm run bench:verb`.
 * Without `--rig` a keeper without a rig answers from another process; with `--plant` a `rig keep` with a run at 10 Hz on a
 * simulated plant in a third process; with `--site DIR --rig RIG [--state DIR]` the process that keeps that rig. `run hold`
 * at the next step is accepted and changes nothing until the step is over.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findKeeper, type KeeperClient } from "../src/api/client.js";
import { placesOf } from "../src/api/place.js";
import { RealClock } from "../src/base/clock.js";
import { stateFolder } from "../src/rig/safe-plan-file.js";
import { Controller } from "../test/plant/controller.js";
import { patienceMs, Scene, turns } from "../test/plant/scene.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    site: { type: "string", default: "." },
    rig: { type: "string" },
    plant: { type: "boolean", default: false },
    state: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const aimMs = 20;
/** As a person's or a page's commands come: not one on the heels of the other. */
const betweenMs = 20;

const clock = new RealClock();

async function measure(what: string, ask: () => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await clock.sleep(betweenMs * Math.random());
    const begun = clock.elapsed();
    await ask();
    took.push(clock.elapsed() - begun);
  }
  const sorted = took.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * rounds) - 1]!;
  const [p50, p99, most] = [at(0.5), at(0.99), at(1)].map((ms) => ms.toFixed(2));
  const verdict = at(0.99) <= aimMs ? "within" : "NOT within";
  console.log(
    `${what}: ${rounds} times, p50 ${p50} ms, p99 ${p99} ms, most ${most} ms; ${verdict} ${aimMs} ms`,
  );
}

async function measureAll(keeper: KeeperClient): Promise<void> {
  console.log(`${keeper.hello.rig}, kept by ${keeper.who}`);
  await measure("rig status", () => keeper.picture());
  const hold = { verb: "run hold", args: { atNextStep: true } };
  await measure("run hold, accepted", async () => {
    const { accepted, text } = await keeper.ask(hold);
    if (!accepted) throw new Error(`refused: ${text}`);
  });
  const stop = { verb: "run stop", args: {}, sawRevision: -1 };
  await measure("run stop, refused", () => keeper.ask(stop));
}

/** A real `rig keep`, its guest in Execute at ten cycles a second. */
async function measureKept(): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  const scene = await Scene.make({}, (close) => void closing.push(close));
  try {
    const { rigFile, rig, folder, state } = scene.site;
    writeFileSync(rigFile, readFileSync(rigFile, "utf8").replace("cycle: 200 ms", "cycle: 100 ms"));
    const kept = scene.keep(new Controller(scene.site, ["rig", "keep", rig]));
    await kept.heard(/is kept/, patienceMs);
    const { out } = await scene.command("rig", "token", rig).ended;
    const words = ["run", "start", "short", "--rig", rig, "--specimen", "a,b"];
    const begun = await scene.command(...words, "--token", out.trim()).ended;
    if (begun.status !== 0) throw new Error(begun.talk);
    await scene.plant.until("the shaft turns", (seen) => turns(seen), patienceMs);
    await measureAll(await found(realpathSync(folder), rig, state));
  } finally {
    for (const close of closing) await close();
  }
}

async function found(site: string, rig: string, state: string | undefined): Promise<KeeperClient> {
  const isNamed = Boolean(state || process.env["WEAROUT_STATE"]);
  const around = { env: process.env, stateFolder: stateFolder(state, process.env), isNamed };
  const keeper = await findKeeper(placesOf(around, site, rig), clock);
  if (keeper === undefined) throw new Error(`nobody keeps ${rig} of ${site}`);
  return keeper;
}

if (values.plant) await measureKept();
else if (values.rig !== undefined) {
  await measureAll(await found(realpathSync(values.site), values.rig, values.state));
} else {
  const state = mkdtempSync(join(tmpdir(), "wearout-bench-"));
  const script = fileURLToPath(new URL("../test/unit/api/keeper-process.js", import.meta.url));
  const child = spawn(process.execPath, [script, state, "/srv/lab", "rig-a"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(createInterface({ input: child.stdout }), "line");
    await measureAll(await found("/srv/lab", "rig-a", state));
  } finally {
    child.kill();
    rmSync(state, { recursive: true });
  }
}
