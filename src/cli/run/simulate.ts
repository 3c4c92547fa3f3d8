/** The simulated side of a rig file: plant and devices, and the lines to them. */

import type { Clock } from "../../base/clock.js";
import { failOnProblems, type Problem, WearoutError } from "../../base/error.js";
import { parseFile } from "../../base/file.js";
import { judgeParts } from "../../base/judge.js";
import { own } from "../../base/own.js";
import { type Dimension, parseQuantity } from "../../base/quantity.js";
import { type Parsed, show, suggest } from "../../base/schema.js";
import { bitsPerCharOf } from "../../device/wire-time.js";
import type { Placed } from "../../lab/life-test-spec.js";
import type { Line } from "../../line/line.js";
import { LineQueue } from "../../line/queue.js";
import { ratingsOf } from "../../profile/load-product.js";
import { loadDimension, type Product, productKinds } from "../../profile/product.js";
import { columnsFor, roleColumns } from "../../rig/column.js";
import { findRig, type LoadedRig, loadRig, readRig } from "../../rig/load.js";
import { RigFile } from "../../rig/rig-file.js";
import { simulationWiring } from "../../rig/wiring.js";
import { createSimBench, plantOutputs, plantParameters, type SimBench } from "../../sim/bench.js";
import { type SimWire, simTransport } from "../../sim/sim-line.js";
import { lineSpecOf } from "../line/spec.js";
import { inOrder } from "../problems.js";
import type { Site } from "../site.js";

/** A simulated bench for the rig. `wear` accelerates the plant beyond what the file says. */
export function benchOf(
  loaded: LoadedRig,
  placed: readonly Placed[],
  clock: Clock,
  seed: number,
  override: Readonly<Record<string, number>> = {},
): SimBench {
  const { rig, devices } = loaded;
  const { simulation } = rig;
  if (simulation === undefined) {
    throw new WearoutError(
      "USAGE",
      `rig ${rig.rig} has no simulation section; it cannot run virtually`,
    );
  }
  const stations = Object.keys(rig.stations).map((station) => stationOf(station, placed));
  const measured = new Set(plantOutputs(simulation.plant, stations));
  // A role of which the plant knows nothing keeps what its device shows at rest.
  const wiring = simulationWiring(loaded).filter(
    ({ direction, signal }) => direction === "in" || measured.has(signal),
  );
  return createSimBench({
    clock,
    seed,
    plant: simulation.plant,
    parameters: { ...givenParameters(loaded), ...override },
    stations,
    devices: [...devices.values()].map(({ name, line, unit, type, parameters }) => {
      return { name, line, unit, type, parameters };
    }),
    wiring,
    constants: Object.fromEntries(
      loaded.constants.map(({ column, value }) => [loaded.columns[column]!.name, value]),
    ),
  });
}

/** A place without a specimen holds the shaft with a bearing too large to wear in any test. */
function stationOf(station: string, placed: readonly Placed[]) {
  const own = placed.find((p) => p.station === station);
  const { product } = own ?? placed[0]!;
  const numbers = { ...geometryOf(product), ...ratingsOf(product) };
  const ratings = Object.entries(numbers).map(([name, { value }]) => [name, value]);
  const values: Record<string, number> = Object.fromEntries(ratings);
  if (own === undefined && values["C"] !== undefined) values["C"] *= 1000;
  const specimen = own?.specimen ?? `empty-${station}`;
  return { station, specimen, kind: product.kind, ratings: values };
}

function geometryOf({ geometry = {} }: Product): Record<string, { value: number }> {
  const entries = Object.entries(geometry).map(([name, { value }]) => [name, parseQuantity(value)]);
  return Object.fromEntries(entries.filter(([, quantity]) => quantity !== undefined));
}

/** The file's own parameters; `rigProblems` has found nothing wrong with them. */
function givenParameters({ rig }: LoadedRig): Record<string, number> {
  const entries = Object.entries(rig.simulation?.parameters ?? {});
  return Object.fromEntries(entries.map(([name, text]) => [name, parseQuantity(text)?.value ?? 0]));
}

/** What the rig room cannot check, for it knows neither kinds of products nor plants. */
export function rigProblems(parsed: Parsed<RigFile>): Problem[] {
  const { for: kinds = [], simulation } = parsed.value ?? {};
  const problems = kinds.flatMap((kind, i) => {
    if ((productKinds as readonly string[]).includes(kind)) return [];
    return [parsed.problem(["for", i], `the unknown kind "${kind}"`, suggest(kind, productKinds))];
  });
  problems.push(...loadProblems(parsed));
  const known = simulation === undefined ? {} : plantParameters(simulation.plant);
  for (const [name, text] of Object.entries(simulation?.parameters ?? {})) {
    const path = ["simulation", "parameters", name];
    const dimension = own(known, name)?.dimension;
    const isRate = own(known, name)?.perSecond === true;
    const found = parseQuantity(text);
    if (dimension === undefined) {
      const expected = suggest(name, Object.keys(known));
      problems.push(parsed.problem(path, `the unknown parameter "${name}"`, expected));
    } else if (found?.dimension !== dimension || found.perSecond !== isRate) {
      const expected = `a ${dimension}${isRate ? " per time" : ""}`;
      problems.push(parsed.problem(path, show(text), expected));
    }
  }
  return problems;
}

/** The stress of a bearing is a force, of a reducer a torque: of anything else no rated life can be told. */
function loadProblems(parsed: Parsed<RigFile>): Problem[] {
  const rig = parsed.value;
  if (rig === undefined) return [];
  const { load } = rig.exposure;
  const columns = columnsFor(roleColumns(rig), load);
  return rig.for.flatMap((kind): Problem[] => {
    const wanted = own(loadDimension as Record<string, Dimension>, kind);
    const wrong = columns.find(({ dimension }) => dimension !== wanted);
    if (wanted === undefined || wrong === undefined) return [];
    const found = `the role "${load}" (a ${wrong.dimension}) as the load of a ${kind}`;
    return [parsed.problem(["exposure", "load"], found, `a role of ${wanted}`)];
  });
}

/** The rig by name or path, checked whole: all that is wrong in one round. */
export function rigOf(name: string, site: Site): LoadedRig {
  const file = findRig(name, site.rigs);
  const more = judgeParts(parseFile(RigFile, file), rigProblems);
  if (more.length === 0) return loadRig(file, site);
  const all = inOrder([...readRig(file, site.devices).problems, ...more]);
  failOnProblems(all.filter(({ severity }) => severity !== "warning"));
  return loadRig(file, site);
}

/** In-process lines: the real queue over simulated wires, on the given clock. */
export function simulatedLines(
  loaded: LoadedRig,
  bench: SimBench,
  clock: Clock,
): Map<string, Line> {
  return new Map(
    Object.keys(loaded.rig.lines).map((name) => {
      const transport = simTransport(bench.units(name), clock, wireOf(loaded, name));
      return [name, new LineQueue(name, transport, clock)];
    }),
  );
}

function wireOf(loaded: LoadedRig, name: string): SimWire {
  const spec = lineSpecOf(loaded, name);
  if ("tcp" in spec) return "tcp";
  const wire = { baud: spec.baud, bitsPerChar: bitsPerCharOf(spec.format) };
  return "serial" in spec && spec.framing === "ascii" ? { ...wire, framing: "ascii" } : wire;
}
