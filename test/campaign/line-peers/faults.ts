/** What is wrong with a hand-written slave or its wire. What is left out is right. */

export type LinkKind = "rtu" | "rtu-tcp" | "tcp";

export type Late = {
  ms: number;
  /** Of the questions to the meter: the fourteenth, each seventh, each. */
  when: "once" | "every-7th" | "always";
  /** The late answer comes behind later ones; else all that was asked meanwhile waits behind it. */
  stray?: true;
};

export type Fault = {
  late?: Late;
  /** A second master's request and its answer stand before our answer at each n-th question. */
  secondMasterEvery?: number;
  /** A second master asks in its own time, whatever we do. */
  secondMasterMs?: number;
  /** The adapter gives back what is sent. */
  echo?: true;
  /** The server closes after each answer. */
  closes?: true;
  /** So long after a connection was opened, questions are swallowed. */
  warmUpMs?: number;
  /** A connection that has carried so many questions stays open and is dead. */
  deafAfter?: number;
  /** Each n-th question is answered with this exception. */
  exception?: { code: number; every: number };
  /** Of each n-th answer only a part comes. */
  cutEvery?: number;
  /** The meter refuses writes with exception 4. */
  refusesWrites?: true;
};

/** What a row with a fault must reach; wrong values are never allowed. */
export type Demand = {
  fault: Fault;
  kinds: readonly LinkKind[];
  /** Share of good readings, of those asked for after `settleMs`. 0: it need not work, it must not lie. */
  share: number;
  settleMs?: number;
  /** Longest the device needs for its answer, as its type says. */
  turnaroundMs?: number;
  /** The server's process stands still for so long, twice. */
  frozenMs?: number;
  /** Drive and load stand on the same line as the meter, and share its fault. */
  oneLine?: true;
  /** What the counters or events must name. */
  names?: RegExp;
  /** A run under this fault may be interrupted by a trip. */
  mayTrip?: true;
};

const all: readonly LinkKind[] = ["rtu", "rtu-tcp", "tcp"];
const wires: readonly LinkKind[] = ["rtu", "rtu-tcp"];
const sockets: readonly LinkKind[] = ["rtu-tcp", "tcp"];

function lateDemands(): Record<string, Demand> {
  const demands: Record<string, Demand> = {};
  for (const ms of [100, 500, 750, 1500, 3000]) {
    const name = `late-${ms / 1000}`;
    const once = { ms, when: "once" } as const;
    const often = { ms, when: "every-7th" } as const;
    // All that is asked meanwhile waits behind it: the guard trips for a line that is silent for 2 s.
    const isSilent = ms >= 1500;
    demands[`${name}-once`] = {
      fault: { late: once },
      kinds: all,
      share: isSilent ? 0.2 : 0.5,
      ...(isSilent ? { mayTrip: true } : {}),
    };
    demands[`${name}-once-stray`] = {
      fault: { late: { ...once, stray: true } },
      kinds: all,
      share: 0.6,
    };
    demands[`${name}-every-7th`] = { fault: { late: often }, kinds: all, share: 0, mayTrip: true };
    demands[`${name}-every-7th-stray`] = {
      fault: { late: { ...often, stray: true } },
      kinds: all,
      share: 0.2,
    };
    const always = { late: { ms, when: "always" } } as const;
    demands[`${name}-always`] = { fault: always, kinds: all, share: 0, mayTrip: true };
  }
  return demands;
}

/** By the name it has in a row. */
export const demands: Readonly<Record<string, Demand>> = {
  // All processes share the machine with whatever else runs: slow is not wrong.
  healthy: { fault: {}, kinds: all, share: 0.95, turnaroundMs: 200 },
  ...lateDemands(),
  "slow-0.2-stated": {
    fault: { late: { ms: 200, when: "always" } },
    kinds: all,
    share: 0.9,
    turnaroundMs: 350,
  },
  "slow-0.5-stated": {
    fault: { late: { ms: 500, when: "always" } },
    kinds: all,
    share: 0.9,
    turnaroundMs: 800,
  },
  frozen: { fault: {}, kinds: all, share: 0.4, frozenMs: 1200 },
  "second-master": {
    fault: { secondMasterEvery: 7 },
    kinds: wires,
    share: 0.3,
    names: /(?:second|other).?master/i,
    mayTrip: true,
  },
  "second-master-own-time": {
    fault: { secondMasterMs: 170 },
    kinds: wires,
    share: 0.1,
    names: /(?:second|other).?master/i,
    mayTrip: true,
  },
  echo: { fault: { echo: true }, kinds: wires, share: 0.8, names: /local.?echo/i, oneLine: true },
  "echo-refusing": {
    fault: { echo: true, refusesWrites: true },
    kinds: wires,
    share: 0.8,
    names: /local.?echo/i,
  },
  closing: { fault: { closes: true }, kinds: sockets, share: 0.8, settleMs: 1000, oneLine: true },
  "warming-up": {
    fault: { warmUpMs: 1000 },
    kinds: sockets,
    share: 0.8,
    settleMs: 4000,
    oneLine: true,
  },
  "half-open": { fault: { deafAfter: 40 }, kinds: sockets, share: 0.7 },
  busy: {
    fault: { exception: { code: 6, every: 3 } },
    kinds: all,
    share: 0.6,
    oneLine: true,
  },
  cut: { fault: { cutEvery: 7 }, kinds: ["tcp"], share: 0.8 },
};
