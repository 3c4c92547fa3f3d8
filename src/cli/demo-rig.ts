import type { Clock } from "../base/clock.js";
import { Keeper } from "../keeper/keeper.js";
import { keepRig } from "../keeper/kept-rig.js";
import { rigFacts } from "../lab/facts.js";
import { LifeTest } from "../lab/life-test.js";
import { programOf } from "../profile/compile.js";
import { defaultWriterOptions } from "../record/writer.js";
import type { BoundRig } from "../rig/bind.js";
import type { LoadedRig } from "../rig/load.js";
import type { SimBench } from "../sim/bench.js";
import type { Faults } from "../sim/fault.js";
import { openPtyPair } from "../sim/pty-pair.js";
import { serveSerial } from "../sim/serial-server.js";
import { serveTcp } from "../sim/tcp-server.js";
import { placeSpecimens, profileOf } from "./compose.js";
import { lineSpecOf } from "./line-spec.js";
import { openLines } from "./rig-lines.js";
import { benchOf, rigOf } from "./simulate.js";
import { type Site, softwareVersion } from "./site.js";

export type DemoSpec = {
  rig: string;
  profile: string;
  specimens: readonly string[];
  /** Parameters of the simulated plant, beyond those of the rig file. */
  plant: Readonly<Record<string, number>>;
};

type Surroundings = {
  seed: number;
  root: string;
  clock: Clock;
  site: Site;
  /** By line; a line that is not there has none. */
  faults: ReadonlyMap<string, Faults>;
};

/** A rig of the demo: its simulated devices are served, its lines are open, its test is ready. */
export type DemoRig = {
  test: LifeTest;
  rig: BoundRig;
  loaded: LoadedRig;
  /** What is served where, one sentence each. */
  served: readonly string[];
  close(): Promise<void>;
};

/** Serves a rig's simulated devices, opens its lines to them and its record. */
export async function openDemoRig(
  spec: DemoSpec,
  { seed, root, clock, site, faults }: Surroundings,
): Promise<DemoRig> {
  const file = rigOf(spec.rig, site);
  const profile = profileOf(spec.profile, site);
  const placed = placeSpecimens(spec.specimens, undefined, profile.value, file, site, root);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, { products, rig: rigFacts(file) });
  const bench = benchOf(file, placed, clock, seed, spec.plant);
  const servers = await serveLines(file, bench, clock, faults);
  try {
    const loaded = { ...file, rig: { ...file.rig, lines: servers.lines } };
    const rig = keepRig(
      loaded,
      await openLines(loaded, clock, `rig ${loaded.rig.rig}`),
      clock,
      true,
    );
    const keeper = new Keeper({ rig, limits: loaded.limits, clock });
    const test = await LifeTest.open({
      loaded,
      keeper,
      profile,
      program,
      placed,
      parameters: {},
      simulated: true,
      seed,
      plant: spec.plant,
      software: softwareVersion,
      recordsRoot: root,
      writer: defaultWriterOptions,
      clock,
    });
    const close = async () => {
      await keeper.close();
      await servers.close();
    };
    return { test, rig, loaded, served: servers.served, close };
  } catch (error) {
    await servers.close();
    throw error;
  }
}

type Served = {
  /** The rig file's lines, pointed at the servers. */
  lines: LoadedRig["rig"]["lines"];
  served: string[];
  close(): Promise<void>;
};

/** The rig's first serial line becomes a pseudo-terminal where that works; all others are TCP. */
async function serveLines(
  file: LoadedRig,
  bench: SimBench,
  clock: Clock,
  faults: ReadonlyMap<string, Faults>,
): Promise<Served> {
  const lines: Record<string, LoadedRig["rig"]["lines"][string]> = {};
  const served: string[] = [];
  const closers: (() => void | Promise<void>)[] = [];
  let wantsSerial = true;
  for (const [name, line] of Object.entries(file.rig.lines)) {
    const units = bench.units(name);
    const spec = lineSpecOf(file, name);
    const pair = "serial" in spec && wantsSerial ? await openPtyPair() : undefined;
    if ("serial" in spec) wantsSerial = false;
    if (pair?.ok === true && "serial" in spec) {
      const server = serveSerial(units, pair.stream, spec, clock, faults.get(name));
      lines[name] = { ...line, serial: pair.path };
      served.push(`line ${name}: ${devicesOf(units.size)} on serial ${pair.path}`);
      closers.push(
        () => server.close(),
        () => pair.close(),
      );
      continue;
    }
    if (pair !== undefined && !pair.ok)
      served.push(`no serial pair here (${pair.reason}); TCP instead`);
    const server = await serveTcp(units, { host: "127.0.0.1", port: 0 }, clock, faults.get(name));
    lines[name] = { tcp: `127.0.0.1:${server.port}` };
    served.push(`line ${name}: ${devicesOf(units.size)} on TCP 127.0.0.1:${server.port}`);
    closers.push(() => server.close());
  }
  const close = async () => {
    for (const closeOne of closers) await closeOne();
  };
  return { lines, served, close };
}

function devicesOf(count: number): string {
  return count === 1 ? "1 device" : `${count} devices`;
}
