/** One serial port and two who want it: a program that asked for it alone, and a process in a container. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPtyPair } from "../../src/sim/pty-pair.js";

const openPath = fileURLToPath(new URL("../../src/line/open.js", import.meta.url));
const clockPath = fileURLToPath(new URL("../../src/base/clock.js", import.meta.url));

/** Opens the port and says what came of it; `holds`: keeps it until its input ends. */
const program = (path: string, holds: boolean) => `
  const { openLine } = await import(${JSON.stringify(openPath)});
  const { RealClock } = await import(${JSON.stringify(clockPath)});
  const spec = { serial: ${JSON.stringify(path)}, baud: 115200, format: "8N1" };
  await openLine("drives", spec, new RealClock()).then(
    () => console.log("open"), (error) => console.log(error.code, error.message));
  if (${holds}) process.stdin.resume().once("end", () => process.exit(0));
  else process.exit(0);`;

const node = (path: string, holds = false) => [
  ...[process.execPath, "--input-type=module", "-e", program(path, holds)],
];

/**
 * TIOCEXCL (ioctl_tty(2)), as a terminal program or a vendor's tool sets it. It ends with the last one who has the port open;
 * the other end of a pair is still there, so it is taken back by name.
 */
const exclusive = `
import fcntl, os, sys, termios
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(fd, termios.TIOCEXCL)
print("held", flush=True)
sys.stdin.read()
fcntl.ioctl(fd, termios.TIOCNXCL)
`;

const isRoot = process.getuid?.() === 0;
/** Root may open what others asked for alone: the controller is somebody else. */
const asOther = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
/** A network of its own, as a container has it: names of sockets there are not ours. */
const inContainer = ["unshare", ...(isRoot ? ["--net"] : ["--user", "--map-root-user", "--net"])];

function said(words: readonly string[]): string {
  const [command = "", ...args] = words;
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return error === undefined ? (stdout + stderr).trim() : error.message;
}

let holding: ChildProcess | undefined;
let path = "";
let close = () => {};

/** A process that has the port by the time this resolves, with what it said. */
async function held(words: readonly string[]): Promise<string> {
  const [command = "", ...args] = words;
  holding = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: holding.stdout! }), "line")) as [string];
  return line;
}

beforeEach(async () => {
  const pair = await openPtyPair();
  if (!pair.ok) throw new Error(pair.reason);
  path = pair.path;
  close = () => pair.close();
  chmodSync(path, 0o666);
});

afterEach(async () => {
  if (holding?.exitCode === null) {
    holding.stdin!.end();
    await once(holding, "exit");
  }
  holding = undefined;
  close();
});

describe("a serial port", () => {
  it("that another program asked for alone is told to be held, and can be had when that ends", async () => {
    expect(await held(["python3", "-c", exclusive, path])).toBe("held");
    const wanted = [...asOther, ...node(path)];
    expect(said(wanted)).toBe(`LINE_IN_USE line drives: ${path} is held by another program`);
    holding!.stdin!.end();
    await once(holding!, "exit");
    expect(said(wanted)).toBe("open");
  });

  it("that a process in a network of its own wants too, as a container does, is refused to whichever comes second", async () => {
    const refused = `LINE_IN_USE line drives: ${path} is held by another program`;
    expect(await held(node(path, true))).toBe("open");
    expect(said([...inContainer, ...node(path)])).toBe(refused);
    holding!.stdin!.end();
    await once(holding!, "exit");
    expect(await held([...inContainer, ...node(path, true)])).toBe("open");
    expect(said(node(path))).toBe(refused);
  });
});
