import { asciiLength } from "../device/ascii-frame.js";
import { AsciiFramer } from "./ascii-framer.js";
import type { Framer } from "./framer.js";
import { RtuTransport } from "./rtu-transport.js";

/** Modbus ASCII over a serial line: twice the characters, the same rules of timing and trust as RTU. */
export class AsciiTransport extends RtuTransport {
  protected override newFramer(): Framer {
    return new AsciiFramer(super.newFramer());
  }

  protected override wireBytes(frameBytes: number): number {
    return asciiLength(frameBytes);
  }
}
