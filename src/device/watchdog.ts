/** What a device does by itself when nobody talks to it any more. */
import { OneOf, QuantityOf, type Static, Strict, Type } from "../base/schema.js";
import { conditions, PointValue } from "./condition.js";

const text = (description: string) => Type.String({ minLength: 1, description });

export const Watchdog = Strict({
  required: Type.Record(Type.String(), PointValue, {
    description: "point: value for unattended runs",
  }),
  timeFrom: Type.Optional(
    text("the point that holds its time, in its unit; 0 switches the watchdog off"),
  ),
  time: Type.Optional(QuantityOf("time")),
  feeds: Type.Optional(
    OneOf(["words", "requests", "frames"], {
      description:
        "words = only writes of `fedBy` (when that is given); requests = any request to this unit " +
        "(otherwise); frames = any frame on the line",
    }),
  ),
  fedBy: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      description: "only writes of these points feed it; left out: any request does",
    }),
  ),
  activeWhile: Type.Optional(
    conditions("point: condition; it watches only while all hold; left out: always, once armed"),
  ),
  acts: Type.Optional(text("what the device does when it expires")),
  shows: Type.Optional(
    Type.Record(Type.String(), PointValue, {
      description: "point: value by which a device says that its watchdog has acted",
    }),
  ),
  bootDelay: Type.Optional(QuantityOf("time")),
  doesNotCover: text("what it does not protect against"),
});
export type Watchdog = Static<typeof Watchdog>;

/** What keeps a watchdog from acting; to let it act, exactly this must stop. */
export type Feeds = NonNullable<Watchdog["feeds"]>;

export function feedsOf({ feeds, fedBy }: Watchdog): Feeds {
  return feeds ?? (fedBy === undefined ? "requests" : "words");
}
