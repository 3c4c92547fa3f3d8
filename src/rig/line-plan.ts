/** What is read of a line in each cycle, and where the values stand in the replies. */
import type { PointCodec } from "../device/codec.js";
import type { ReadRequest } from "../device/request.js";
import type { Mapping } from "./mapping.js";
import type { DeviceSession } from "./session.js";

/** Where a point's words stand in the replies of its device. */
export type Place = { codec: PointCodec; block: number; offset: number };

/** How one column gets its value. */
export type Reader = Place & {
  column: number;
  mapping: Mapping;
  factor: Place | undefined;
  quality: (Place & { bits: readonly number[] }) | undefined;
};

/** One line with the devices that are read over it, in their order. */
export type LinePlan = { line: string; devices: readonly DevicePlan[] };

export type DevicePlan = {
  session: DeviceSession;
  requests: readonly ReadRequest[];
  readers: readonly Reader[];
};
