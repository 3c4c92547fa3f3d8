/** All rows: hand-written slaves under every fault, servers of other projects, clients of other projects. */
import { apiRow } from "./api-row.js";
import { clientRows } from "./client-rows.js";
import { type Demand, demands, type LinkKind } from "./faults.js";
import { foreignRows } from "./foreign-rows.js";
import { Peer } from "./peer.js";
import { noPty } from "./pty.js";
import { type Row, type Size, sizes } from "./row.js";
import { runRow } from "./run-row.js";
import type { RunSize } from "./run-site.js";

const runSizes: readonly RunSize[] = ["1", "2", "10", "bits"];

/** A minute's worth that needs no Debian package and holds each kind that once failed. */
const quick: readonly string[] = [
  "healthy/rtu/mix/api",
  "late-0.1-always/rtu/1/api",
  "late-0.5-once-stray/rtu/1/api",
  "late-0.75-always/rtu-tcp/1/api",
  "late-0.5-every-7th-stray/tcp/mix/api",
  "frozen/rtu/bits/api",
  "second-master/rtu/1/api",
  "echo-refusing/rtu/mix/api",
  "closing/tcp/mix/api",
  "warming-up/tcp/10/api",
  "half-open/tcp/2/api",
  "busy/rtu/10/api",
  "cut/tcp/10/api",
  "late-0.5-once-stray/rtu/1/run",
  "second-master/rtu-tcp/1/run",
  "echo/rtu/1/run",
  "closing/tcp/10/run",
  "warming-up/tcp/10/run",
  "busy/rtu/2/run",
];

export function allRows(): Row[] {
  const faulty = Object.entries(demands).flatMap(([name, demand]) =>
    demand.kinds.flatMap((kind) => [
      ...sizes.map((size) => api(name, kind, size, demand)),
      ...runSizes.map((size) => whole(name, kind, size, demand)),
    ]),
  );
  return [...faulty, ...foreignRows(), ...clientRows()];
}

function api(fault: string, kind: LinkKind, size: Size, demand: Demand): Row {
  const name = `${fault}/${kind}/${size}/api`;
  return row(name, kind, async () => {
    const peer = await Peer.slave({ kind, fault: demand.fault, drives: false });
    return apiRow(name, peer, kind, size, demand);
  });
}

function whole(fault: string, kind: LinkKind, size: RunSize, demand: Demand): Row {
  const drives = demand.oneLine === true;
  return row(`${fault}/${kind}/${size}/run`, kind, async () =>
    runRow(await Peer.slave({ kind, fault: demand.fault, drives }), kind, size, demand),
  );
}

function row(name: string, kind: LinkKind, run: Row["run"]): Row {
  const missing = async () => (kind === "rtu" ? noPty() : undefined);
  return { name, isQuick: quick.includes(name), missing, run };
}
