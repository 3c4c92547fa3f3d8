/** Plays the rounds that it is sent, one after the other; a mistake is made for the whole process. */
import { type Played, sabotages, type Task } from "./safety-options.js";
import { realRound } from "./safety-real.js";
import { sabotageKeeper } from "./safety-sabotage.js";
import { virtualRound } from "./safety-virtual.js";

const sabotage = sabotages.find((name) => name === process.argv[2]);
sabotageKeeper(sabotage);

process.on("disconnect", () => process.exit(1));
process.on("message", ({ kind, seed }: Task) => {
  const round = kind === "virtual" ? virtualRound(seed, sabotage) : realRound(seed);
  void round.then((played) => {
    const rssMb = process.memoryUsage.rss() / 1e6;
    process.send?.({ kind, seed, round: played, rssMb } satisfies Played);
  });
});
