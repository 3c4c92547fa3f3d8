import { describe, expect, it } from "vitest";
import type { Clock } from "../../../src/base/clock.js";
import { encodeReply } from "../../../src/device/rtu-frame.js";
import type { ByteStream } from "../../../src/line/byte-stream.js";
import { RtuTransport } from "../../../src/line/rtu-transport.js";
import { brief, read, spec, timing } from "./scripted.js";

/**
 * A machine so busy that every longer sleep takes a second more. Bytes that arrived meanwhile are seen
 * when the event loop turns next: at the next short sleep.
 */
function busyMachine(arrive: () => void): Clock {
  let now = 0;
  return {
    wall: () => now,
    elapsed: () => now,
    outside: (work) => work,
    sleep: async (ms) => {
      if (ms < 1) arrive();
      now += ms < 1 ? ms : ms + 1000;
    },
  };
}

describe("a line on a busy machine", () => {
  it("takes the answer that lay in the kernel beyond its deadline, and gives up one that does not", async () => {
    let hear: (bytes: Uint8Array) => void = () => {};
    let waiting: Uint8Array[] = [];
    let answers = true;
    const stream: ByteStream = {
      write: () => {
        if (answers) waiting.push(encodeReply(1, read(5), [5, 6]));
      },
      onData: (listener) => {
        const before = hear;
        hear = (bytes) => {
          before(bytes);
          listener(bytes);
        };
      },
      onClose: () => {},
      close: () => Promise.resolve(),
    };
    const clock = busyMachine(() => {
      for (const bytes of waiting.splice(0)) hear(bytes);
    });
    const transport = new RtuTransport(spec, () => Promise.resolve(stream), clock);
    await transport.open();
    expect(brief(await transport.exchange(1, read(5), timing, false))).toEqual([5, 6]);
    answers = false;
    waiting = [];
    expect(brief(await transport.exchange(1, read(5), timing, false))).toBe("timeout");
  });
});
