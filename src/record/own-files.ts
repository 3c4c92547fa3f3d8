/**
 * Whether the files a writer has open are still those that stand in its folder, told by `stat` alone:
 * opening `run.db` a second time in this process would make POSIX drop SQLite's lock.
 */
import { type BigIntStats, statSync } from "node:fs";
import { join } from "node:path";

/** Which file it is, and what tells whether anybody has written in it. */
type Known = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs"> | undefined;

export class OwnFiles {
  readonly #folder: string;
  #database: Known;
  #wal: Known;
  #taken: string | undefined;

  /** The files as they stand now are the writer's own. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#database = this.#stat("run.db");
    this.#wal = this.#stat("run.db-wal");
  }

  /** What has become of them since the last `note`; once it is bad it stays so. */
  look(): string | undefined {
    this.#taken ??= this.#gone() ?? this.#written();
    return this.#taken;
  }

  /** After each write of our own: nobody else may have written when the next one begins. */
  note(): void {
    this.#taken ??= this.#gone();
    this.#database = this.#stat("run.db");
    this.#wal ??= this.#stat("run.db-wal");
  }

  #gone(): string | undefined {
    const database = this.#stat("run.db");
    if (database === undefined) {
      return "its folder or run.db was removed or renamed while it was written";
    }
    const wal = this.#wal === undefined || isSame(this.#wal, this.#stat("run.db-wal"));
    if (wal && isSame(this.#database, database)) return undefined;
    return "its files were replaced by others while it was written";
  }

  #written(): string | undefined {
    const is = this.#stat("run.db");
    const same = this.#database?.size === is?.size && this.#database?.mtimeNs === is?.mtimeNs;
    return same ? undefined : "something else has written in run.db";
  }

  #stat(name: string): Known {
    return statSync(join(this.#folder, name), { bigint: true, throwIfNoEntry: false });
  }
}

function isSame(was: Known, is: Known): boolean {
  return was?.dev === is?.dev && was?.ino === is?.ino;
}
