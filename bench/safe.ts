/**
 * How soon a rig is safe that lost its controller: `rig safe` after kill -9 in Execute, one rig and sixteen; a stop on the
 * wire after a line was away. Against a plant in another process, which stamps every write.
 * `npm run bench:safe -- --rounds 10 --rigs 16`.
 */
import { parseArgs } from "node:util";
import { type Death, monotonicMs, type Stamp } from "../test/plant/config.js";
import { isStop, isUnload, patienceMs, Scene } from "../test/plant/scene.js";
import { suffixes, type Wishes } from "../test/plant/site.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "10" },
    rigs: { type: "string", default: "16" },
  },
});
const [rounds, rigs] = [Number(values.rounds), Number(values.rigs)];

async function inScene<T>(wishes: Wishes, act: (scene: Scene) => Promise<T>): Promise<T> {
  const scene = await Scene.make(wishes);
  try {
    return await act(scene);
  } finally {
    await scene.close();
  }
}

/** From the start of the process to the first write of each actuator that takes energy away. */
function afterKill(wishes: Wishes, ...words: string[]): Promise<number[]> {
  return inScene(wishes, async (scene) => {
    const found = suffixes(wishes);
    for (const suffix of found) await (await scene.running(suffix)).killed();
    const command = scene.command("rig", "safe", ...words, "--json");
    const since = command.startedAtMs;
    const firsts = found.flatMap((suffix) => [
      (s: Stamp) => s.name === `spindle${suffix}` && isStop(s),
      (s: Stamp) => s.name === `hydraulics${suffix}` && isUnload(s),
    ]);
    const stamps = firsts.map((is) => scene.plant.write("a safe write", is, since, patienceMs));
    const took = (await Promise.all(stamps)).map(({ atMs }) => atMs - since);
    const { status } = await command.ended;
    if (status !== 0) throw new Error(`rig safe ended with ${status}`);
    return took;
  });
}

function afterAbsence(wishes: Wishes, how: Death, awayMs: number): Promise<number> {
  return inScene(wishes, async (scene) => {
    await scene.running();
    await scene.plant.kill("drive", how);
    const away = monotonicMs();
    await scene.plant.until("away", ({ atMs }) => atMs - away > awayMs, awayMs + patienceMs);
    await scene.plant.revive("drive");
    const back = monotonicMs();
    return (await scene.plant.write("a stop", (s) => isStop(s), back, patienceMs)).atMs - back;
  });
}

function print(what: string, took: readonly number[], bound: number): void {
  const sorted = [...took].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const most = sorted.at(-1)!;
  const verdict = most <= bound ? "within" : "NOT within";
  const figures = `median ${median.toFixed(0)} ms, most ${most.toFixed(0)} ms, ${verdict} ${bound} ms`;
  console.log(`${what} (${took.length} writes): ${figures}`);
}

const one: number[] = [];
for (let i = 0; i < rounds; i++) one.push(...(await afterKill({}, "plant-rig")));
print("rig safe after kill -9, 1 rig", one, 500);
print(`rig safe --all after kill -9, ${rigs} rigs`, await afterKill({ rigs }, "--all"), 2000);

const ways: [string, Wishes, Death][] = [
  ["TCP, silent", {}, "silent"],
  ["TCP, refused", {}, "refused"],
  ["serial, silent", { lines: "serial" }, "silent"],
  ["serial, unplugged", { lines: "serial" }, "unplugged"],
];
for (const [name, wishes, how] of ways) {
  const took: number[] = [];
  for (const awayMs of [3000, 8000, 20_000]) took.push(await afterAbsence(wishes, how, awayMs));
  print(`line back after 3, 8, 20 s to stop on the wire, ${name}`, took, 2000);
}
