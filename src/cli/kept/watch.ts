/** `rig watch` and `rig status`: a kept rig looked at from another terminal. Looking changes nothing. */
import type { Command } from "commander";
import type { KeeperClient } from "../../api/client.js";
import { Cancel, RealClock } from "../../base/clock.js";
import type { RigPicture } from "../../verb/picture.js";
import { json } from "../output.js";
import { quantityOption } from "../quantity-option.js";
import type { Shell } from "../shell.js";
import { onInterrupt } from "../signal.js";
import { stateHelp } from "../state-option.js";
import { painter } from "../view/live-render.js";
import { LiveScreen } from "../view/live-screen.js";
import { meantBy } from "./keeper.js";
import type { KeptOptions } from "./places.js";
import { renderKept, wholePicture } from "./render.js";

type StatusOptions = KeptOptions & { json?: boolean };
type WatchOptions = StatusOptions & { every: string };

export function addStatus(rig: Command, shell: Shell): void {
  rig
    .command("status <rig>")
    .description("a kept rig as it is now: state, run, readings, alarms")
    .option("--state <dir>", stateHelp)
    .option("--json", "the picture as schema/rig-picture.json has it")
    .addHelpText("after", "\nExamples:\n  wearout rig status bearing-four --json")
    .action(shell.action((name: string, options: StatusOptions) => status(shell, name, options)));
}

export function addWatch(rig: Command, shell: Shell): void {
  rig
    .command("watch <rig>")
    .description("a kept rig as it is, again and again, until Ctrl-C; the rig goes on")
    .option("--every <time>", "between two pictures", "1 s")
    .option("--state <dir>", stateHelp)
    .option("--json", "a line of JSON for each picture")
    .addHelpText(
      "after",
      `
Where there is no terminal a line is written for each change.

Examples:
  wearout rig watch bearing-four
  wearout rig watch bearing-four --every "10 s" --json`,
    )
    .action(shell.action((name: string, options: WatchOptions) => watch(shell, name, options)));
}

async function status(shell: Shell, name: string, options: StatusOptions): Promise<number> {
  const { keeper } = await meantBy(shell, name, options);
  const picture = await keeper.picture();
  const { out } = shell;
  if (options.json === true) out.print(json(picture));
  else {
    const columns = out.columns("results");
    out.picture(wholePicture(picture, painter(out.colour), columns).join("\n"));
  }
  return 0;
}

async function watch(shell: Shell, name: string, options: WatchOptions): Promise<number> {
  const everyMs = quantityOption("--every", options.every, "time");
  const { keeper } = await meantBy(shell, name, options);
  const ended = new Cancel();
  const stop = onInterrupt(() => ended.cancel());
  const view = viewOf(shell, keeper, options);
  try {
    const whole = await showUntil(keeper, everyMs, view, ended);
    view.close();
    const { rig } = keeper.hello;
    const why = whole ? "the watching ends, the rig goes on" : `${keeper.who} has ended`;
    shell.out.talk(`${rig}: ${why}`);
    return 0;
  } finally {
    view.close();
    stop();
  }
}

type View = { show(picture: RigPicture): Promise<void> | void; close(): void };

/** False when the keeper ended it. */
async function showUntil(
  keeper: KeeperClient,
  everyMs: number,
  view: View,
  ended: Cancel,
): Promise<boolean> {
  for await (const picture of keeper.watch(everyMs, ended)) await view.show(picture);
  return ended.cancelled;
}

/** A live picture at a terminal, lines elsewhere. */
export function viewOf(shell: Shell, keeper: KeeperClient, options: { json?: boolean }): View {
  const { out, env } = shell;
  if (options.json === true) {
    return { show: (picture) => out.write(`${JSON.stringify(picture)}\n`), close: () => {} };
  }
  if (out.isTerminal && env["TERM"] !== "dumb") return liveView(keeper);
  return plainView(shell);
}

function liveView({ who }: KeeperClient): View {
  let latest: RigPicture | undefined;
  const keys = [`kept by ${who}; Ctrl-C ends the watching only`];
  const screen = new LiveScreen(
    new RealClock(),
    (paint, columns, room) =>
      latest === undefined ? [] : renderKept(latest, paint, columns, room),
    { keys, prompt: false },
  );
  screen.start();
  return {
    show: (picture) => {
      latest = picture;
    },
    close: () => screen.close(),
  };
}

/** A line whenever the state is another. */
function plainView({ out }: Shell): View {
  let revision = Number.NaN;
  return {
    show: (picture) => {
      if (picture.revision === revision) return;
      revision = picture.revision;
      const { wall, state, reason, alarms } = picture;
      const at = new Date(wall).toISOString();
      const open = alarms.length === 0 ? "" : `; alarms: ${alarms.map((a) => a.id).join(", ")}`;
      out.print(`${at}  ${state.padEnd(9)} ${reason}${open}`);
    },
    close: () => {},
  };
}
