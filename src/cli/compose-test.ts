/** A life test put together from what a person names: files of the site, specimens, parameters. */
import { WearoutError } from "../base/error.js";
import { checkedName } from "../base/name.js";
import type { LifeTestSpec, Placed } from "../lab/life-test.js";
import { refuseWhileOpen } from "../lab/open-run.js";
import { SpecimenStore } from "../lab/specimen.js";
import { waysOn } from "../lab/ways-on.js";
import { listRuns, unfinishedRuns } from "../record/reader.js";
import type { LoadedRig } from "../rig/load.js";
import { placeSpecimens, profileOf, programOf } from "./compose.js";
import { assignments } from "./option.js";
import type { Site } from "./site.js";

/** As the options of `run start` have them. */
export type TestWords = {
  /** Name or file. */
  profile: string;
  /** One for each station in order; an empty one leaves its station empty: `a,b,,d`. */
  specimen: string;
  product?: string;
  lot?: string;
  set: readonly string[];
};

type Where = { loaded: LoadedRig; site: Site; recordsRoot: string; simulated: boolean };

export type ComposedTest = Pick<
  LifeTestSpec,
  "loaded" | "profile" | "program" | "placed" | "parameters"
>;

/** Throws what is wrong with the files or names; `STATE_REFUSED` where an open run has the rig or a specimen. */
export function composeTest(
  words: TestWords,
  { loaded, site, recordsRoot, simulated }: Where,
  tell: (text: string) => void,
): ComposedTest {
  const profile = profileOf(words.profile, site);
  const parameters = Object.fromEntries(assignments("--set", words.set));
  const names = namesIn(words.specimen);
  const { value } = profile;
  const known = placeSpecimens(names, words.product, value, loaded, site, recordsRoot);
  const placed = withLots(known, names, words.lot);
  for (const text of otherLots(placed, recordsRoot)) tell(text);
  const products = placed.map((p) => p.product);
  const program = programOf(profile, products, loaded, parameters);
  const specimens = placed.map((p) => p.specimen);
  const { rig } = loaded.rig;
  const stations = placed.map((p) => p.station);
  if (!simulated) refuseWhileOpen({ rig, specimens, stations }, listRuns(recordsRoot));
  for (const run of unfinishedRuns(recordsRoot, rig)) {
    tell(`run ${run.id} on this rig is not finished: ${waysOn(run)}`);
  }
  return { loaded, profile, program, placed, parameters };
}

/** One for each station in its order; an empty name leaves its station empty. */
function namesIn(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}

/** `--lot B7` for all, or one for each of the names as they were given. */
function withLots(
  placed: readonly Placed[],
  names: readonly string[],
  text: string | undefined,
): Placed[] {
  const lots = text === undefined ? [] : namesIn(text);
  for (const lot of lots) if (lot !== "") checkedName("--lot", lot);
  if (lots.length > 1 && lots.length !== names.length) {
    const found = `found ${lots.length} lots for ${names.length} specimens`;
    throw new WearoutError("USAGE", `--lot: ${found}, expected one for all or one each`);
  }
  return placed.map((p) => {
    const lot = lots[lots.length === 1 ? 0 : names.indexOf(p.specimen)];
    return lot === undefined || lot === "" ? p : { ...p, lot };
  });
}

function otherLots(placed: readonly Placed[], root: string): string[] {
  const store = new SpecimenStore(root);
  return placed.flatMap(({ specimen, lot }) => store.otherLot(specimen, lot) ?? []);
}
