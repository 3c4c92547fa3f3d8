/** What a rig file may say: one installation with its lines, devices, roles, stations and limits. */
import { Named, OneOf, QuantityOf, type Static, Strict, Type, UnitName } from "../base/schema.js";
import { formats } from "../device/wire-time.js";
import { Limit } from "../limit/limit.js";

const deviceDotPoint = Type.String({
  pattern: "^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*$",
  description: "device.point, as drive.setpoint",
});
const name = "^[a-z][a-z0-9-]*$";

const LineFile = Strict({
  serial: Type.Optional(Type.String({ description: "port by stable name" })),
  baud: Type.Optional(Type.Integer({ minimum: 300, maximum: 4000000 })),
  format: Type.Optional(OneOf(formats)),
  tcp: Type.Optional(
    Type.String({
      pattern: "^([^:\\[\\]]+|\\[[0-9A-Fa-f:.]+(%[^\\]]+)?\\]):[0-9]{1,5}$",
      description: "host:port, as 10.0.0.5:502 or [fd00::5]:502",
    }),
  ),
  framing: Type.Optional(
    OneOf(["rtu", "ascii"], {
      description:
        "rtu: of a tcp line to a serial server that passes RTU through; ascii: of a serial line",
    }),
  ),
  localEcho: Type.Optional(
    Type.Boolean({
      description: "the adapter gives back what is sent; otherwise learnt from reads",
    }),
  ),
  pauseAfterConnect: Type.Optional(QuantityOf("time")),
  tolerate: Type.Optional(
    Type.Array(OneOf(["unit", "transaction"]), {
      minItems: 1,
      description: "what the answers of a Modbus TCP gateway get wrong, and are taken all the same",
    }),
  ),
});
export type LineFile = Static<typeof LineFile>;

const DeviceFile = Strict({
  type: Type.String({
    pattern: "^[a-z0-9-]+/[a-z0-9-]+$",
    description: "maker/model, as omron/e5cc",
  }),
  line: Type.String(),
  unit: Type.Integer({ minimum: 0, maximum: 255, description: "0 and 248 to 255 over TCP only" }),
  turnaround: Type.Optional(QuantityOf("time")),
  silence: Type.Optional(QuantityOf("time")),
  pause: Type.Optional(QuantityOf("time")),
  parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
});

/** A quantity got from other roles; the catalogue in `derive.ts` states inputs and units. */
const Derive = Strict({
  by: OneOf(["ratio", "multiple", "difference", "mean", "maximum", "power", "efficiency"]),
  of: Type.Array(Type.String(), {
    minItems: 1,
    description: "roles, in the order the derivation wants",
  }),
  factor: Type.Optional(Type.Number()),
});

/** One of three; without it the record keeps every sample. */
const Keep = Strict({
  every: Type.Optional(Type.Integer({ minimum: 2, description: "of so many samples one" })),
  change: Type.Optional(
    Type.String({ description: "what a value must differ by from the last one kept" }),
  ),
  interval: Type.Optional(QuantityOf("time")),
});
export type KeepFile = Static<typeof Keep>;

/** A dead weight, a spring, a lever arm: nothing measures it and nothing moves it during a run. */
const Constant = Type.Union(
  [
    Type.String({ description: 'a quantity, as "4.2 kN"' }),
    Strict({
      perRun: Type.Tuple([Type.String(), Type.String()], {
        description: "lowest and highest value that may be given for a run",
      }),
    }),
  ],
  { description: 'a quantity with its unit, as "4.2 kN", or { perRun: [lowest, highest] }' },
);
export type ConstantFile = Static<typeof Constant>;

const Role = Strict({
  title: Type.Optional(Type.String()),
  unit: UnitName(),
  read: Type.Optional(deviceDotPoint),
  write: Type.Optional(deviceDotPoint),
  linear: Type.Optional(
    Type.Array(Type.Tuple([Type.String(), Type.String()]), {
      minItems: 2,
      description: '[point quantity, role quantity] pairs, as ["4 mA", "0 kN"]',
    }),
  ),
  derive: Type.Optional(Derive),
  constant: Type.Optional(Constant),
  keep: Type.Optional(Keep),
});
export type RoleFile = Static<typeof Role>;

const Need = Strict({
  role: Type.String({ description: "a role that is read" }),
  below: Type.String({
    description: "largest value, either way, at which the actuator may be touched",
  }),
  for: Type.Optional(QuantityOf("time")),
  atMost: Type.Optional(QuantityOf("time")),
});
export type NeedFile = Static<typeof Need>;

const SafeValue = Type.Union(
  [
    Type.String({ description: "value of the safe state" }),
    Strict({
      trip: Type.String({ description: "after a trip, stop or hold" }),
      isolate: Type.String({ description: "after fire, smoke or an oil leak" }),
    }),
  ],
  { description: "value of the safe state, or one for each cause: { trip, isolate }" },
);

const Actuator = Strict({
  ceiling: Type.String({ description: "what is never exceeded, whatever a profile asks" }),
  floor: Type.Optional(Type.String({ description: "lowest value; default 0" })),
  safe: SafeValue,
  ramp: Type.String({ description: 'fastest change, as "500 rpm/s"' }),
  safeOrder: Type.Integer({ minimum: 1, description: "1 goes safe first" }),
  safeWithin: Type.Optional(QuantityOf("time")),
  atRest: Type.Optional(
    Type.String({
      description:
        "how near its safe value an independent reading counts as safe; default 1 % of the ceiling",
    }),
  ),
  needs: Type.Optional(
    Type.Array(Need, {
      minItems: 1,
      description:
        "what must be seen before it is made safe (oil supply, holding brake, dropping load)",
    }),
  ),
  runOn: Type.Optional(QuantityOf("time")),
  onRelease: Type.Optional(
    OneOf(["drops", "runs-away", "nothing"], {
      description: "what the load does when this actuator lets go",
    }),
  ),
  heldBy: Type.Optional(
    Type.String({
      minLength: 1,
      description: "the brake or valve that holds a dropping load without power",
    }),
  ),
});
export type ActuatorFile = Static<typeof Actuator>;

const Station = Strict({
  position: Type.Optional(Type.String()),
  group: Type.Optional(Type.String({ description: "sudden-death group; default: all one group" })),
  roles: Named(name, Role),
});

export const RigFile = Strict(
  {
    rig: Type.String({
      pattern: name,
      description: "name of small letters, digits and hyphens, as the file's name",
    }),
    title: Type.String({ minLength: 1 }),
    for: Type.Array(Type.String(), {
      minItems: 1,
      description: "kinds of specimen the stations hold",
    }),
    cycle: QuantityOf("time"),
    tripBudget: Type.Optional(QuantityOf("time")),
    lines: Named(name, LineFile),
    devices: Named(name, DeviceFile),
    roles: Named(name, Role),
    stations: Named(name, Station),
    actuators: Type.Record(Type.String(), Actuator, { description: "role: facts of its actuator" }),
    limits: Type.Array(Limit, { description: "in force always; no profile can mask them" }),
    exposure: Strict({
      speed: Type.String({ description: "role whose turns are counted" }),
      load: Type.String({ description: "role that is the stress" }),
      power: Type.Optional(Type.String()),
      powerCeiling: Type.Optional(QuantityOf("power")),
      cyclesPerTurn: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
      turns: Type.Optional(
        Type.String({
          description: "role that counts turns or load cycles, beside speed times time",
        }),
      ),
      wrapsAt: Type.Optional(
        Type.String({
          description:
            'after how much its counter begins again, as "1 Mturns"; without it, what its register holds',
        }),
      ),
    }),
    atStress: Type.Record(Type.String(), QuantityOf("ratio"), {
      description: "role: how near its setpoint counts as at stress",
    }),
    simulation: Type.Optional(
      Strict({
        plant: OneOf(["bearing", "harmonic"]),
        parameters: Type.Optional(Type.Record(Type.String(), Type.String())),
      }),
    ),
  },
  { title: "rig", $id: "rig" },
);
export type RigFile = Static<typeof RigFile>;
