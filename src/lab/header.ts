import type { KeptFile, RunHeader } from "../record/document/run.js";
import type { LifeTestSpec } from "./life-test.js";

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
