/** Folders that go away after the tests, and second processes. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { newFolder } from "../../folders.js";

/** An empty records folder, removed after the file's tests. */
export function newRoot(): string {
  return newFolder("record");
}

export type Child = {
  pid: number;
  /** The next line it prints; undefined after its last. */
  line(): Promise<string | undefined>;
  say(text: string): void;
  kill(): void;
  /** What ended it: exit code or signal. */
  end: Promise<number | string | null>;
};

/** Runs `child.js` in its own process, through a shell command when one is given. */
export function startChild(args: readonly string[], shell?: string): Child {
  const script = fileURLToPath(new URL("./child.js", import.meta.url));
  const node = [process.execPath, script, ...args];
  const [command = "", ...rest] = shell === undefined ? node : ["sh", "-c", shell, ...node];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = new Promise<number | string | null>((resolve) => {
    child.on("exit", (code, signal) => resolve(signal ?? code));
  });
  return {
    pid: child.pid ?? 0,
    line: async () => {
      const next = await lines.next();
      return next.done === true ? undefined : next.value;
    },
    say: (text) => child.stdin.write(`${text}\n`),
    kill: () => child.kill("SIGKILL"),
    end,
  };
}
