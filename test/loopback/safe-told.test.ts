/** Case S8: what was told is in the record, whatever comes next. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { eventsOf } from "../plant/controller.js";
import { longestTestMs, patienceMs, Scene } from "../plant/scene.js";

type Stored = { kind: string; text: string; data: Record<string, unknown> };

/** Told texts that stand in the talk, each once. */
function toldOf(talk: string): string[] {
  const lines = talk.split("\n").slice(0, -1);
  const events = lines.map((line) => /^ *[\d.]+ \w+ {2}(\w+) +(.*)$/.exec(line));
  return events.filter((found) => found !== null).map((found) => found[2]!);
}

const moments: { name: string; bring(scene: Scene): Promise<unknown>; told: RegExp }[] = [
  { name: "a step", bring: async () => undefined, told: /step +.*there/ },
  {
    name: "an alarm that holds",
    bring: ({ plant }) => plant.order({ do: "pv", unit: "thermometer-1", degC: 70 }),
    told: /warm/,
  },
  {
    name: "a trip",
    bring: ({ plant }) => plant.order({ do: "pv", unit: "thermometer-1", degC: 140 }),
    told: /housing-hot/,
  },
];

for (const { name, bring, told } of moments) {
  it.concurrent(
    `everything that was told when ${name} was seen and kill -9 came is in the record`,
    async ({ onTestFinished: atEnd }) => {
      const scene = await Scene.make({}, atEnd);
      const run = name === "a step" ? scene.start() : await scene.running();
      const isTold = run.heard(told, patienceMs);
      await bring(scene);
      await isTold;
      await run.killed();
      const [id] = readdirSync(scene.site.records);
      const events = (await eventsOf(scene.site, id!)) as Stored[];
      const texts = events.map(({ text }) => text.trim());
      const all = toldOf(run.talk);
      expect(all.length).toBeGreaterThan(2);
      // What a limit says is to be done follows the event's own text; a reason that was told is not told again.
      const says = (line: string) => (text: string) =>
        text !== "" && (line.startsWith(text) || text.startsWith(`${line}: `));
      const missing = all.filter((line) => !texts.some(says(line)));
      expect(missing).toEqual([]);
    },
    longestTestMs,
  );
}

it.concurrent(
  "a stop that was accepted is never forgotten: the run does not go on after resume",
  async ({ onTestFinished: atEnd }) => {
    const scene = await Scene.make({}, atEnd);
    const run = await scene.running();
    const before = run.talk.length;
    run.signal("SIGINT");
    await scene.plant.until("it is told", () => run.talk.length > before, patienceMs);
    await run.killed();
    const [id] = readdirSync(scene.site.records);
    const resume = scene.command("run", "resume", id!);
    await resume.ended;
    const { units } = await scene.plant.state();
    expect(units["spindle"]!.energised).toBe(false);
  },
  longestTestMs,
);
