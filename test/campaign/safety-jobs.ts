/** Rounds in processes of their own: one that has played its round gets the next. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Played, Sabotage, Task } from "./safety-options.js";

const program = fileURLToPath(new URL("./safety-child.js", import.meta.url));

/** Calls `played` in the order of the tasks; rejects where a process ends that has a round. */
export async function playRounds(
  tasks: readonly Task[],
  jobs: number,
  sabotage: Sabotage | undefined,
  played: (round: Played) => void,
): Promise<void> {
  const left = tasks.entries();
  const done = new Map<number, Played>();
  let told = 0;
  const tell = (at: number, round: Played) => {
    done.set(at, round);
    for (let next = done.get(told); next !== undefined; next = done.get(++told)) {
      done.delete(told);
      played(next);
    }
  };
  const work = async () => {
    const child = fork(program, [sabotage ?? ""]);
    try {
      for (const [at, task] of left) tell(at, await play(child, task));
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
}

function play(child: ChildProcess, task: Task): Promise<Played> {
  return new Promise((resolve, reject) => {
    const over = (code: number | null, signal: string | null) =>
      reject(
        new Error(`${task.kind} round, seed ${task.seed}: its process ended (${code ?? signal})`),
      );
    child.once("exit", over);
    child.once("message", (message: Played) => {
      child.off("exit", over);
      resolve(message);
    });
    child.send(task);
  });
}
