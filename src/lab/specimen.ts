import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WearoutError } from "../base/error.js";
import { parseText, type Static, Strict, Type } from "../base/schema.js";
import { makeFolder } from "../record/folder.js";

/** One serial number of a product. Kept beside the records, one file each, so that it is known again. */
const Specimen = Strict(
  {
    specimen: Type.String({ minLength: 1 }),
    product: Type.String({ minLength: 1 }),
    lot: Type.Optional(
      Type.String({ minLength: 1, description: "that it was last said to be of" }),
    ),
  },
  { title: "specimen" },
);
export type Specimen = Static<typeof Specimen>;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The specimens of a records folder. */
export class SpecimenStore {
  readonly #folder: string;

  constructor(recordsRoot: string) {
    this.#folder = join(recordsRoot, "specimens");
  }

  /** Undefined when there is none of that name. */
  find(name: string): Specimen | undefined {
    const file = this.#file(name);
    const text = readIfThere(file);
    if (text === undefined) return undefined;
    const { value, problems } = parseText(Specimen, text, file);
    if (value === undefined) throw new WearoutError("FILE_INVALID", `${file} is damaged`, problems);
    return value;
  }

  /**
   * The specimen of that name, or what it will be when it is kept. A known one keeps its product; asking
   * for another is refused, for its exposure would be booked against the wrong ratings.
   */
  resolve(name: string, product: string, productWasAsked: boolean): Specimen {
    const known = this.find(name) ?? { specimen: name, product };
    if (productWasAsked && known.product !== product) {
      const text = `specimen ${name} is known as ${known.product}, not ${product}`;
      throw new WearoutError("STATE_REFUSED", text);
    }
    return known;
  }

  /** Why a specimen is not of the lot that it was said to be of; undefined where nothing speaks against it. */
  otherLot(name: string, lot: string | undefined): string | undefined {
    const known = this.find(name)?.lot;
    if (known === undefined || lot === undefined || known === lot) return undefined;
    return `specimen ${name} was of lot ${known} in its last run, now it is of lot ${lot}: one of them is wrong`;
  }

  /** Writes down a specimen that is not known yet, or of another lot, whole or not at all. */
  keep(specimen: Specimen): void {
    const file = this.#file(specimen.specimen);
    const known = this.find(specimen.specimen);
    if (known !== undefined && (specimen.lot === undefined || specimen.lot === known.lot)) return;
    const unfinished = `${file}.${process.pid}`;
    try {
      makeFolder(this.#folder);
      writeFileSync(
        unfinished,
        `${JSON.stringify({ ...specimen, product: known?.product ?? specimen.product })}\n`,
        { flush: true },
      );
      renameSync(unfinished, file);
    } catch (error) {
      rmSync(unfinished, { force: true });
      const why = (error as Error).message;
      throw new WearoutError("RECORD_FAILED", `${file} cannot be written: ${why}`);
    }
  }

  #file(name: string): string {
    if (!namePattern.test(name)) {
      const text = `specimen "${name}": letters, digits, dot, dash and underscore, at most 64`;
      throw new WearoutError("USAGE", text);
    }
    return join(this.#folder, `${name}.json`);
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new WearoutError("FILE_UNREADABLE", `${file}: ${(error as Error).message}`);
  }
}
