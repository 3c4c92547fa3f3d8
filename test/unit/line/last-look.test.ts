import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import { encodeReply } from "../../../src/device/rtu-frame.js";
import type { ByteStream } from "../../../src/line/byte-stream.js";
import { RtuTransport } from "../../../src/line/rtu-transport.js";
import { brief, read, spec, timing } from "./scripted.js";

/** A slave whose answers arrive when the event loop next turns: at the end of a sleep nobody cut short. */
class Slave implements ByteStream {
  answers = true;
  #arrived: Uint8Array[] = [];
  #listeners: ((bytes: Uint8Array) => void)[] = [];

  write(): void {
    if (this.answers) this.#arrived.push(encodeReply(1, read(5), [5, 6]));
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#listeners.push(listener);
  }

  onClose(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }

  turn(): void {
    for (const bytes of this.#arrived.splice(0))
      for (const listen of this.#listeners) listen(bytes);
  }
}

/** Every wait for an answer is cut short by a stop, a second later than it would have ended by itself. */
async function exchangeOnBusyMachine(slave: Slave): Promise<unknown> {
  let now = 0;
  let hurry = () => {};
  const clock: Clock = {
    wall: () => now,
    elapsed: () => now,
    outside: (work) => work,
    sleep: async (ms, cancel) => {
      now += ms;
      if (ms < 20) return slave.turn();
      now += 1000;
      hurry();
      if (cancel?.cancelled !== true) slave.turn();
    },
  };
  const transport = new RtuTransport(spec, () => Promise.resolve(slave), clock);
  hurry = () => transport.hurry(false);
  await transport.open();
  return brief(await transport.exchange(1, read(5), timing, false));
}

describe("a stop on a busy machine", () => {
  it("does not cut off an answer that has arrived and only was not looked at yet", async () => {
    expect(await exchangeOnBusyMachine(new Slave())).toEqual([5, 6]);
  });

  it("does not wait for one that has not", async () => {
    const slave = new Slave();
    slave.answers = false;
    expect(await exchangeOnBusyMachine(slave)).toBe("timeout");
  });
});
