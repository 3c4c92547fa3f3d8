import { assert } from "../base/error.js";
import { parseQuantity } from "../base/quantity.js";
import { damageRate } from "../profile/life.js";
import type { KeptFile, RunHeader } from "../record/document/run.js";
import { counterOf } from "../rig/counter.js";
import { resolutionsOf } from "../rig/resolution.js";
import { makeContext } from "../run/context.js";
import type { RunContext } from "../run/state.js";
import type { RigShape } from "./facts.js";
import type { LifeTestSpec } from "./life-test.js";

type ContextSpec = Pick<LifeTestSpec, "loaded" | "program" | "placed"> & { rig: RigShape };

/** What does not change during a run, made of its files. */
export function contextOf({ loaded, rig, program, placed }: ContextSpec): RunContext {
  const { atStress, stations } = loaded.rig;
  const { powerCeiling, turns: _role, wrapsAt: _wrap, ...known } = loaded.rig.exposure;
  const turns = counterOf(loaded);
  return makeContext({
    rig,
    program,
    rigLimits: loaded.limits,
    stations: placed.map(({ station, specimen, product }) => ({
      name: station,
      group: stations[station]?.group ?? "all",
      specimen,
      damageRate: damageRate(product),
    })),
    exposure: {
      ...known,
      ...(powerCeiling === undefined ? {} : { powerCeilingW: number(powerCeiling) }),
      ...(turns === undefined ? {} : { turns }),
    },
    resolutions: resolutionsOf(loaded),
    constants: loaded.constants,
    atStress: Object.fromEntries(
      Object.entries(atStress).map(([role, text]) => [role, number(text)]),
    ),
  });
}

/** Canonical value of a quantity that the schema has checked. */
function number(text: string): number {
  const quantity = parseQuantity(text);
  assert(quantity !== undefined, `${text} was checked`);
  return quantity.value;
}

/** The head of a new run's record; the id comes with its folder. */
export function headerOf(spec: LifeTestSpec): RunHeader {
  const { loaded, profile, placed, clock, seed } = spec;
  const name = profile.value?.profile ?? "";
  const thins = spec.keeper.rig.columns.some((c) => c.keep !== undefined);
  return {
    id: "",
    rig: loaded.rig.rig,
    profile: name,
    simulated: spec.simulated,
    ...(seed === undefined ? {} : { seed }),
    software: spec.software,
    startedWall: Math.round(clock.wall()),
    ...(spec.timeSync === undefined ? {} : { timeSync: spec.timeSync() }),
    cycleMs: spec.keeper.rig.cycleMs,
    columns: spec.keeper.rig.columns,
    ...(thins ? { blackBox: spec.program.blackBox } : {}),
    specimens: placed.map(({ station, specimen, product, lot }) => ({
      station,
      specimen,
      product: product.product,
      ...(lot === undefined ? {} : { lot }),
    })),
    parameters: spec.parameters,
    ...(Object.keys(loaded.given).length === 0 ? {} : { constants: loaded.given }),
    ...(spec.plant === undefined ? {} : { plant: spec.plant }),
    files: keptFiles(spec),
  };
}

/** Every file that decides how a run goes, whole. */
export function keptFiles({
  loaded,
  profile,
  placed,
}: Pick<LifeTestSpec, "loaded" | "profile" | "placed">): KeptFile[] {
  const products = new Map(placed.map((p) => [p.product.product, p.productText]));
  return [
    { kind: "rig", name: loaded.rig.rig, text: loaded.text },
    { kind: "profile", name: profile.value?.profile ?? "", text: profile.text },
    ...[...products].map(([name, text]): KeptFile => ({ kind: "product", name, text })),
    ...[...loaded.typeTexts].map(([name, text]): KeptFile => ({ kind: "device-type", name, text })),
  ];
}
