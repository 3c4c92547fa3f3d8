/** What a plant is made of, what it is told while it runs, and what it tells: the words of both processes. */

/** `tcp` is Modbus TCP; `rtu-tcp` is RTU frames in a socket; `serial` is a pseudo-terminal. */
export type LineKind = "tcp" | "rtu-tcp" | "serial";

export type UnitKind =
  | "md"
  | "asda"
  | "acs580"
  | "che100"
  | "adam"
  | "adam-digital"
  | "e5cc"
  | "drr245"
  | "torque";

export type UnitConfig = {
  name: string;
  kind: UnitKind;
  line: string;
  unit: number;
  /** Of a drive: the shaft it turns. Of a torque transducer: the shaft it looks at. */
  shaft?: string;
  /** Of a drive: speed at 100 %. */
  fullRpm?: number;
};

export type PlantConfig = {
  lines: Record<string, { kind: LineKind }>;
  units: UnitConfig[];
  /** Speed change of a shaft that is driven, and of one that is let go. */
  rampRpmPerS?: number;
  coastRpmPerS?: number;
};

/** A watchdog of the unit: what feeds it, and after how long without it the unit lets go. */
export type Watchdog = { timeMs: number; fedBy: "words" | "requests" | "frames" };

/** What is wrong with a unit; everything left out is right. */
export type Mode = {
  /** Takes writes and confirms them, and goes on with what it did: the panel has the command. */
  local?: boolean;
  /** Acknowledges writes and keeps the old register. */
  ignores?: boolean;
  /** Answers every n-th request (1: each) with this exception. */
  exception?: { code: number; every: number; only?: "writes" };
  silent?: boolean;
  lateMs?: number;
  /** Writes to these registers are refused with exception 2. */
  refuses?: number[];
  /** What was written to one of these registers is put back so long after. */
  changesBack?: { addresses: number[]; afterMs: number };
  watchdog?: Watchdog;
  /** Another make at its address: what tells it apart holds something else. */
  stranger?: boolean;
};

/** What came of a request. `lost`: the line was dead, the unit never saw it. */
export type Outcome = "done" | "ignored" | "local" | "silent" | "lost" | `exception ${number}`;

/** One request as it came over a line; `atMs` is the machine's monotonic clock, the same in all processes. */
export type Stamp = {
  atMs: number;
  wallMs: number;
  line: string;
  unit: number;
  name: string;
  code: number;
  address: number;
  /** Registers read or written. */
  count: number;
  /** What was written; empty for a read. */
  values: number[];
  outcome: Outcome;
};

export type UnitState = {
  name: string;
  /** It gives energy to what it drives, or may at once. */
  energised: boolean;
  fault: boolean;
  /** Times its watchdog expired. */
  expired: number;
  /** What it puts out: rpm, mA or degC asked for. */
  output: number;
};

export type ShaftState = { rpm: number; turns: number };

export type PlantState = {
  atMs: number;
  units: Record<string, UnitState>;
  shafts: Record<string, ShaftState>;
};

/** How a line is dead: bytes vanish, connections are refused, the port itself is gone. */
export type Death = "silent" | "refused" | "unplugged";

/** What the plant is told; each is answered with a line of the same `id`. */
export type Order =
  | { do: "state" }
  | { do: "mode"; unit: string; mode: Mode }
  | { do: "fault"; unit: string }
  | { do: "cure"; unit: string }
  | { do: "set"; unit: string; address: number; value: number }
  | { do: "get"; unit: string; address: number }
  | { do: "pv"; unit: string; degC: number }
  | { do: "turn"; shaft: string; rpm: number | null }
  | { do: "swap"; units: [string, string] }
  | { do: "kill"; line: string; how: Death; forMs?: number }
  | { do: "revive"; line: string }
  | { do: "stamps"; sinceMs: number };

export type Told =
  | { ready: Record<string, string>; startedAtMs: number }
  | { stamp: Stamp }
  | { id: number; result: unknown }
  | { id: number; error: string };

/** The machine's monotonic clock in milliseconds: the same in every process of a machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
