import type { Clock } from "../base/clock.js";
import { claimLine, reportOf } from "./claim.js";
import type { Line } from "./line.js";
import { LineQueue } from "./queue.js";
import { dialTcp } from "./socket-stream.js";
import type { StreamTransport } from "./transport.js";
import { addressOf, type LineSpec } from "./wire.js";

export { addressOf, type LineSpec, type SerialFormat, type Tolerated, wireMs } from "./wire.js";

/**
 * Opens a line. Rejects with `LINE_UNREACHABLE` or `LINE_IN_USE` when it cannot be opened now; a line
 * that was open once comes back by itself.
 */
export async function openLine(name: string, spec: LineSpec, clock: Clock): Promise<Line> {
  const transport = await transportOf(name, spec, clock);
  await transport.open();
  return new LineQueue(name, transport, clock);
}

/**
 * The same for a rig that works with the line for hours: it is claimed before it is opened, and others
 * are told so by `holder` (`rig bearing-four`). Rejects with `LINE_IN_USE` naming who has it.
 */
export async function openClaimedLine(
  name: string,
  spec: LineSpec,
  clock: Clock,
  holder: string,
): Promise<Line> {
  const transport = await transportOf(name, spec, clock);
  const who = `${holder}, process ${process.pid}`;
  const line: Line = new LineQueue(name, transport, clock, () => claim.release());
  const claim = await claimLine(spec, clock, (known) =>
    reportOf(line, addressOf(spec), who, clock.elapsed(), known),
  );
  try {
    await transport.open();
    return line;
  } catch (error) {
    await claim.release();
    throw error;
  }
}

/** serialport and modbus-serial take longer to load than most commands to run: only a line loads them. */
async function transportOf(name: string, spec: LineSpec, clock: Clock): Promise<StreamTransport> {
  if ("tcp" in spec) {
    const { TcpTransport } = await import("./tcp-transport.js");
    const dial = (pauseMs: number) => dialTcp(name, spec.tcp, clock, pauseMs);
    return new TcpTransport(dial, clock, spec);
  }
  const { RtuTransport } = await import("./rtu-transport.js");
  if ("rtuTcp" in spec) {
    const { Habits } = await import("./habits.js");
    const habits = new Habits(clock, spec.pauseAfterConnectMs);
    const dial = () => dialTcp(name, spec.rtuTcp, clock, habits.pauseMs);
    return new RtuTransport(spec, dial, clock, habits);
  }
  const { dialSerial } = await import("./serial-stream.js");
  const dial = () => dialSerial(name, spec);
  if (spec.framing === undefined) return new RtuTransport(spec, dial, clock);
  const { AsciiTransport } = await import("./ascii-transport.js");
  return new AsciiTransport(spec, dial, clock);
}
