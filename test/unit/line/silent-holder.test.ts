import { describe, expect, it } from "vitest";
import { silentHolder } from "../../../src/line/silent-holder.js";
import { MadeUpMachine } from "./made-up-machine.js";

/** Process 4711 in this state listens at a line's socket. */
function machineWith(state: string) {
  const machine = new MadeUpMachine();
  machine.file(
    "/proc/net/unix",
    [
      "Num       RefCount Protocol Flags    Type St Inode Path",
      "0000000000000000: 00000002 00000000 00010000 0001 01 11111 @/tmp/other",
      "0000000000000000: 00000002 00000000 00000000 0001 02     0 @wearout-line-abc@@@@",
      "0000000000000000: 00000002 00000000 00010000 0001 01 22222 @wearout-line-abc@@@@",
    ].join("\n"),
  );
  machine.file("/proc/4711/comm", "node");
  machine.file("/proc/4711/stat", `4711 (node (a) b) ${state} 1 4711`);
  machine.link("/proc/4711/fd/17", "socket:[22222]");
  return machine.open();
}

describe("the holder of a line that says nothing", () => {
  it("is told to be stopped, with what lets it go on", () => {
    const text = "process 4711, which is stopped: kill -CONT 4711 lets it go on";
    expect(silentHolder(machineWith("T"), "\0wearout-line-abc")).toBe(text);
    expect(silentHolder(machineWith("t"), "\0wearout-line-abc")).toBe(text);
  });

  it("is told by its number where it hangs", () => {
    expect(silentHolder(machineWith("R"), "\0wearout-line-abc")).toBe(
      "process 4711, which does not answer",
    );
  });

  it("is nobody where no such socket is there", () => {
    expect(silentHolder(machineWith("T"), "\0wearout-line-xyz")).toBeUndefined();
  });
});
