import { EventEmitter } from "node:events";
import { realpath } from "node:fs/promises";
import { SerialPort } from "serialport";
import { turnOnce } from "../base/clock.js";
import { WearoutError } from "../base/error.js";
import type { ByteStream } from "./byte-stream.js";
import { TtyStream } from "./tty-stream.js";
import { placeOf, type SerialSpec } from "./wire.js";

/**
 * Serial devices this process holds, by real path. A second open must be refused before it reaches
 * the driver: serialport 13 sets the line's format before it finds the lock taken, and so spoils the
 * line that is running.
 */
const held = new Map<string, string>();

/**
 * Opens and locks a serial port; rejects with `LINE_UNREACHABLE` (missing, no permission) or
 * `LINE_IN_USE` (this process or another holds it), naming line, path and cause.
 */
export async function dialSerial(name: string, spec: SerialSpec): Promise<ByteStream> {
  const device = await realpath(spec.serial).catch((error: Error) => {
    throw refusal(name, spec.serial, error);
  });
  const holder = held.get(device);
  if (holder !== undefined) {
    const text = `${placeOf(name, spec.serial)} is held by line ${holder} of this process`;
    throw new WearoutError("LINE_IN_USE", text);
  }
  held.set(device, name);
  try {
    const release = () => held.delete(device);
    return await streamOf(await opened(device, spec), device, release);
  } catch (error) {
    held.delete(device);
    throw refusal(name, spec.serial, error as Error);
  }
}

/** A port that went away in this moment is closed again, or its lock would stay with this process. */
async function streamOf(
  port: SerialPort,
  device: string,
  release: () => void,
): Promise<ByteStream> {
  if (process.platform !== "linux") return new SerialStream(port, release);
  try {
    return new TtyStream(port, device, await askForLowLatency(port), release);
  } catch (error) {
    await new Promise((resolve) => port.close(resolve));
    throw error;
  }
}

function opened(path: string, { baud, format }: SerialSpec): Promise<SerialPort> {
  const port = new SerialPort({
    path,
    baudRate: baud,
    dataBits: format[0] === "7" ? 7 : 8,
    parity: parities[format[1] ?? "N"] ?? "none",
    stopBits: format[2] === "2" ? 2 : 1,
    lock: true,
    autoOpen: false,
  });
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error !== null) return reject(error);
      wakeOnEvents(port);
      resolve(port);
    });
  });
}

/**
 * Linux's ASYNC_LOW_LATENCY: USB adapters then pass bytes on at once instead of every 16 ms. serialport
 * tells no error when the driver refuses, so it is read back; undefined where the driver cannot say. The
 * same call sets DTR and RTS, which opening has set before.
 */
async function askForLowLatency(port: SerialPort): Promise<boolean | undefined> {
  const binding = port.port as unknown as LowLatencyBinding;
  try {
    await binding.set({ lowLatency: true, dtr: true, rts: true, brk: false });
    return (await binding.get()).lowLatency;
  } catch {
    return undefined;
  }
}

type LowLatencyBinding = {
  set(flags: Record<string, boolean>): Promise<void>;
  get(): Promise<{ lowLatency?: boolean }>;
};

/**
 * From Node 26.4 on, what serialport 13's native poller announces is only looked at when the event loop
 * turns for another reason: its callback runs no microtasks (serialport/node-serialport issue 3148,
 * bindings-cpp pull request 239). So every announcement asks for another turn. Harmless elsewhere.
 */
function wakeOnEvents({ port }: SerialPort): void {
  const poller = (port as { poller?: unknown } | undefined)?.poller;
  if (!(poller instanceof EventEmitter)) return;
  for (const event of ["readable", "writable", "disconnect"]) poller.on(event, turnOnce);
}

const parities: Record<string, "none" | "even" | "odd"> = { N: "none", E: "even", O: "odd" };

class SerialStream implements ByteStream {
  readonly #port: SerialPort;
  readonly #closed: Promise<string>;

  constructor(port: SerialPort, release: () => void) {
    this.#port = port;
    this.#closed = new Promise((resolve) => {
      port.once("close", (error: Error | null) => {
        release();
        resolve(error ? `the port is gone (${error.message})` : "closed");
      });
    });
    // A failed write leaves the line in an unknown state: start over.
    port.on("error", () => this.#end());
  }

  write(bytes: Uint8Array): void {
    if (this.#port.isOpen) this.#port.write(Buffer.from(bytes));
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#port.on("data", listener);
  }

  onClose(listener: (why: string) => void): void {
    void this.#closed.then(listener);
  }

  async close(): Promise<void> {
    if (this.#end()) await this.#closed;
  }

  #end(): boolean {
    if (!this.#port.isOpen) return this.#port.closing;
    this.#port.close(() => {});
    return true;
  }
}

function refusal(name: string, path: string, error: Error): WearoutError {
  const text = error.message;
  const where = placeOf(name, path);
  if (/cannot lock/i.test(text) || /busy/i.test(text)) {
    return new WearoutError("LINE_IN_USE", `${where} is held by another program`);
  }
  let why = text;
  if (/no such file/i.test(text)) why = "there is no such port; is the adapter plugged in?";
  if (/inappropriate ioctl/i.test(text)) why = "it is no serial port";
  if (/permission denied/i.test(text)) why = "no permission; is the user in the group dialout?";
  return new WearoutError("LINE_UNREACHABLE", `${where} cannot be opened: ${why}`);
}
