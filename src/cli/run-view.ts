/** How a run is watched from its own terminal: a live picture, plain lines where there is none, or only on demand. */
import type { Clock } from "../base/clock.js";
import { formatDuration } from "../base/quantity.js";
import type { RunSample } from "../base/sample.js";
import type { LifeTest } from "../lab/life-test.js";
import type { LoadedRig } from "../rig/load.js";
import type { Observer } from "../run/pilot.js";
import type { RunState } from "../run/state.js";
import { type Desk, keyLines } from "./keyboard.js";
import { LiveView } from "./live-view.js";
import { plainObserver, readings } from "./plain-view.js";
import type { Shell } from "./shell.js";
import { stationLines } from "./station-lines.js";

export type RunView = Desk & {
  observer: Observer;
  /** Gives the terminal back; may be called again. */
  close(): void;
};

type Watched = {
  loaded: LoadedRig;
  clock: Clock;
  token: () => string | undefined;
};

/** `--json` and virtual time have no picture: nobody could follow it. */
export function openRunView(
  shell: Shell,
  test: LifeTest,
  { loaded, clock, token }: Watched,
  options: { json?: boolean },
): RunView {
  const { out } = shell;
  const { simulated } = test.header;
  let latest: { state: RunState; sample: RunSample | undefined } | undefined;
  const isLive = !simulated && options.json !== true && mayDraw(shell);
  const live = isLive ? new LiveView(clock, { keys: keyLines, prompt: hasKeyboard() }) : undefined;
  const signMs = simulated ? 24 * 3_600_000 : 60_000;
  const show =
    live?.observer({ loaded, test }) ??
    (options.json === true ? () => {} : plainObserver(out, loaded.columns, clock, signMs));
  const close = () => {
    process.off("exit", close);
    shell.divertTalk(undefined);
    live?.close();
  };
  if (live !== undefined) {
    shell.divertTalk((text) => live.note(text));
    // A defect ends the process: what was said last is still shown.
    process.on("exit", close);
    live.start();
  } else if (hasKeyboard() && !simulated) for (const line of keyLines) out.talk(line);
  return {
    observer: (state, sample, events) => {
      latest = { state, sample: sample ?? latest?.sample };
      show(state, sample, events);
    },
    typed: () => live?.typed(),
    token,
    status: () => (latest === undefined ? [] : statusLines(test, latest)),
    close,
  };
}

function mayDraw({ out, env }: Shell): boolean {
  return out.isTerminal && env["TERM"] !== "dumb";
}

function hasKeyboard(): boolean {
  return process.stdin.isTTY === true;
}

/** Where a run is, for somebody who asks. */
function statusLines(
  { header, context }: LifeTest,
  { state, sample }: { state: RunState; sample: RunSample | undefined },
): string[] {
  const segment = context.program.segments[state.segment];
  const step = segment === undefined ? "" : `, step ${state.segment + 1}: ${segment.name}`;
  const since = formatDuration(state.at - state.since);
  const alarms = state.alarms.map((a) => `  alarm ${a.station ?? ""} ${a.limit}: ${a.state}`);
  return [
    `${header.id}, ${formatDuration(state.at)} after its start: ${state.packml} for ${since}${step}`,
    ...(state.packml === "Execute" ? [] : [`  ${state.reason}`]),
    ...(sample === undefined ? [] : [`  ${readings(context.columns, sample)}`]),
    ...stationLines(context, state),
    ...alarms,
  ];
}
