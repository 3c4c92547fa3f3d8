/**
 * What a device type file may say. This schema is the only truth: the type, the JSON Schema in
 * `schema/` and the error messages come from it. Data stays data: no expressions, no conditions.
 */
import { Named, OneOf, QuantityOf, type Static, Strict, Type, UnitName } from "../base/schema.js";
import { Actuator, CommandStep } from "./actuator.js";
import { PointValue } from "./condition.js";
import { Watchdog } from "./watchdog.js";
import { formats } from "./wire-time.js";

export type { Actuator, CommandStep } from "./actuator.js";
export type { Condition, Conditions } from "./condition.js";
export type { Watchdog } from "./watchdog.js";

const text = (description: string) => Type.String({ minLength: 1, description });
const address = Type.Integer({
  minimum: 0,
  maximum: 65535,
  description: "wire address, zero-based",
});
const rawWord = Type.Integer({ minimum: -2147483648, maximum: 4294967295 });

/** How sure we are of a statement; see docs/device-types.md. */
const Confidence = OneOf(["manual", "family", "code", "derived", "recollected"], {
  description:
    "manual = read in the maker's manual; family = manual of the same dialect; code = public code; " +
    "derived = by a rule of the manual; recollected = not confirmed",
});

const Write = Strict({
  function: Type.Optional(Type.Integer({ minimum: 5, maximum: 23 })),
  readFirst: Type.Optional(
    Type.Boolean({
      description:
        "of a field of a register: the register is read, the field changed in it, and written whole; " +
        "for devices without function 22. Never for what a safe command writes",
    }),
  ),
  address: Type.Optional(address),
  readBack: Type.Optional(
    OneOf(["value", "echo", "none"], {
      description: "value = read the register again; echo = the reply is enough; none = no reply",
    }),
  ),
  persist: Type.Optional(OneOf(["ram", "eeprom"])),
  shortestInterval: Type.Optional(QuantityOf("time")),
  repeat: Type.Optional(
    OneOf(["freely", "read-back-first", "never"], {
      description: "may a lost write be sent again?",
    }),
  ),
});

export const Point = Strict({
  title: Type.Optional(text("what it is, for people")),
  table: OneOf(["coil", "discrete", "holding", "input"]),
  address,
  manual: Type.Optional(text("the manual's own number or name")),
  as: OneOf([
    ...["bit", "u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"],
    ...["bcd16", "bcd32", "sm16", "sm32", "m16e16", "ascii"],
  ] as const),
  length: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 64, description: "registers of an ascii text" }),
  ),
  bit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 15,
      description: "which bit of the register, for `as: bit` in a register table",
    }),
  ),
  byte: Type.Optional(
    OneOf(["high", "low"], { description: "which half of the register, for u8 and s8" }),
  ),
  mask: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 4294967295,
      description:
        "the bits of a u16, s16, u32 or s32 that are the value, shifted down to the lowest",
    }),
  ),
  order: Type.Optional(
    OneOf(["ABCD", "CDAB", "BADC", "DCBA"], {
      description: "byte order on the wire; ABCD is usual",
    }),
  ),
  scale: Type.Optional(Type.Number({ description: "value = raw * scale + offset" })),
  offset: Type.Optional(Type.Number()),
  times: Type.Optional(text("a parameter of the device that multiplies the value (full scale)")),
  scaleFrom: Type.Optional(
    Strict({
      point: text("the point whose raw value selects the factor"),
      factors: Type.Optional(
        Named("^-?[0-9]+$", Type.Number(), {
          description: "raw value: factor",
        }),
      ),
      powerOf: Type.Optional(
        Type.Literal(10, { description: "instead of factors: the raw value is an exponent" }),
      ),
    }),
  ),
  linear: Type.Optional(
    Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
      minItems: 2,
      description: "[raw, value] pairs, raw rising, straight lines between",
    }),
  ),
  unit: UnitName(),
  range: Type.Optional(
    Type.Tuple([Type.Number(), Type.Number()], { description: "in the point's unit" }),
  ),
  sentinels: Type.Optional(
    Type.Array(rawWord, { description: "raw values that mean: no value (never a number)" }),
  ),
  enum: Type.Optional(Type.Record(Type.String(), rawWord, { description: "word: raw value" })),
  bits: Type.Optional(
    Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 63 }), {
      description: "name: bit",
    }),
  ),
  badWhen: Type.Optional(
    Strict({ point: text("a point with bits"), bits: Type.Array(Type.String(), { minItems: 1 }) }),
  ),
  access: OneOf(["read", "write", "read-write"]),
  write: Type.Optional(Write),
  confidence: Confidence,
  note: Type.Optional(Type.String()),
});
export type Point = Static<typeof Point>;

const Identify = Strict({
  point: Type.String(),
  raw: Type.Optional(rawWord),
  rawRange: Type.Optional(Type.Tuple([rawWord, rawWord])),
  mask: Type.Optional(rawWord),
});

const Example = Strict({
  from: text("document and page, or the real unit it was captured from"),
  request: Type.Optional(Type.String({ description: "whole RTU frame with CRC, as hex bytes" })),
  reply: Type.Optional(Type.String({ description: "whole RTU frame with CRC, as hex bytes" })),
  table: Type.Optional(OneOf(["coil", "discrete", "holding", "input"])),
  address: Type.Optional(address),
  words: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 65535 }))),
  reads: Type.Optional(
    Type.Array(Type.String(), { description: "points the request reads, in order" }),
  ),
  writes: Type.Optional(Type.Record(Type.String(), PointValue, { description: "point: value" })),
  means: Type.Optional(
    Type.Record(Type.String(), PointValue, { description: "point: value in its unit" }),
  ),
  parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
  exception: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
});
export type Example = Static<typeof Example>;

export const DeviceType = Strict(
  {
    type: Type.String({
      pattern: "^[a-z0-9-]+/[a-z0-9-]+$",
      description: "maker/model, as the file's path",
    }),
    maker: text("who makes it"),
    model: text("the maker's name for it"),
    title: text("what it is, in a few words"),
    source: Type.Array(
      Strict({
        document: text("name and edition"),
        page: Type.Optional(Type.String()),
        url: Type.Optional(Type.String()),
      }),
      { minItems: 1 },
    ),
    caveats: Type.Optional(Type.Array(Type.String())),
    link: Strict({
      framings: Type.Array(OneOf(["rtu", "ascii", "tcp"]), { minItems: 1 }),
      baud: Type.Optional(Type.Integer({ minimum: 300, maximum: 4000000 })),
      format: Type.Optional(OneOf(formats)),
      unit: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 255, description: "factory address" }),
      ),
      turnaround: Type.Optional(QuantityOf("time")),
      silence: Type.Optional(QuantityOf("time")),
      pause: Type.Optional(QuantityOf("time")),
      mostRegistersPerRead: Type.Optional(Type.Integer({ minimum: 1, maximum: 125 })),
      mostRegistersPerWrite: Type.Optional(Type.Integer({ minimum: 1, maximum: 123 })),
      gaps: Type.Optional(
        Type.Boolean({
          description:
            "may a read run over addresses no point names? left out: it is tried, and given up where refused",
        }),
      ),
    }),
    parameters: Type.Optional(
      Type.Record(
        Type.String(),
        Strict({
          unit: UnitName(),
          default: Type.Optional(Type.String()),
          title: text("what it is"),
        }),
      ),
    ),
    identify: Type.Array(Identify, {
      description: "what to read and expect before the first write",
    }),
    identifyNote: Type.Optional(Type.String({ description: "why identify is empty" })),
    identifyWeak: Type.Optional(
      text("why identify cannot tell this type, or one unit of it, from others"),
    ),
    fingerprint: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 5,
        description:
          "points that do not change with the state and tell this unit from another of its type: " +
          "serial number, rated data, configuration words",
      }),
    ),
    points: Named("^[a-z][a-z0-9-]*$", Point),
    commands: Type.Optional(Type.Record(Type.String(), Type.Array(CommandStep, { minItems: 1 }))),
    actuators: Type.Optional(Type.Array(Actuator)),
    reset: Type.Optional(
      text("the command that resets the device's own faults; it never moves anything by itself"),
    ),
    keepalive: Type.Optional(
      Strict({ write: Type.Array(Type.String(), { minItems: 1 }), every: QuantityOf("time") }),
    ),
    watchdog: Type.Optional(Watchdog),
    noWatchdog: Type.Optional(text("why there is none, and what stands in for it")),
    forbidden: Type.Optional(
      Type.Array(
        Strict({
          table: OneOf(["coil", "holding"]),
          address,
          last: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 65535,
              description: "last address, where several in a row are forbidden",
            }),
          ),
          values: Type.Optional(Type.Array(rawWord)),
          why: text("what it would do"),
        }),
      ),
    ),
    exceptions: Type.Optional(
      Named("^[0-9]+$", Type.String(), {
        description: "code: text",
      }),
    ),
    examples: Type.Array(Example, { minItems: 1 }),
  },
  { title: "device type", $id: "device-type" },
);
export type DeviceType = Static<typeof DeviceType>;
