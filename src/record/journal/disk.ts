/** A journal's file: every write whole and synced, what is taken out of it kept beside it. */
import { type FileHandle, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** What a journal does on the disk; everything may be refused with the file system's error. */
export interface JournalDisk {
  /** A new file of this text in the place of what stands there; that is called `aside` from then on. */
  begin(text: Buffer, aside: string | undefined): Promise<void>;
  /** Moves all from byte `from` on into the file `aside`. */
  cutTail(from: number, aside: string): Promise<void>;
  /** All of it, from byte `at` on, and on the disk when this resolves. */
  write(at: number, text: Buffer): Promise<void>;
  /** Drops all from byte `at` on. */
  cut(at: number): Promise<void>;
  /** Why the file is not the one that we left `bytes` long; undefined when it is. */
  look(bytes: number): Promise<string | undefined>;
  close(): Promise<void>;
}

export class FileDisk implements JournalDisk {
  readonly #file: string;
  #handle: FileHandle | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async begin(text: Buffer, aside: string | undefined): Promise<void> {
    await this.close();
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const unfinished = `${this.#file}.new`;
    try {
      await writeNew(unfinished, "w", text);
      if (aside !== undefined) await alsoAs(this.#file, aside);
      await rename(unfinished, this.#file);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw error;
    }
    await syncNames(this.#file);
  }

  async cutTail(from: number, aside: string): Promise<void> {
    const handle = await this.#open();
    const { size } = await handle.stat();
    const tail = Buffer.alloc(size - from);
    await handle.read(tail, 0, tail.length, from);
    await writeNew(aside, "wx", tail);
    await syncNames(this.#file);
    await this.cut(from);
  }

  async write(at: number, text: Buffer): Promise<void> {
    const handle = await this.#open();
    await writeAll(handle, text, at);
    await handle.datasync();
  }

  async cut(at: number): Promise<void> {
    const handle = await this.#open();
    await handle.truncate(at);
    await handle.datasync();
  }

  async look(bytes: number): Promise<string | undefined> {
    const ours = await (await this.#open()).stat();
    const there = await statOf(this.#file);
    if (there === undefined) return "it was removed or renamed while it was written";
    if (there.ino !== ours.ino || there.dev !== ours.dev)
      return "another file was put in its place";
    return there.size === bytes ? undefined : "something else has written in it";
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await open(this.#file, "r+");
    return this.#handle;
  }
}

/** A name that nothing has yet: the one given, or the same with a number. */
export async function unusedName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? path : `${path}-${n}`;
    if ((await statOf(name)) === undefined) return name;
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A second name, so that the file is never away; where the disk has no such thing it is moved. */
async function alsoAs(file: string, aside: string): Promise<void> {
  if ((await statOf(file)) === undefined) return;
  try {
    await link(file, aside);
  } catch {
    await rename(file, aside);
  }
}

async function writeNew(file: string, flags: "w" | "wx", text: Buffer): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await writeAll(handle, text, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A single write may take a part and say nothing. */
async function writeAll(handle: FileHandle, text: Buffer, at: number): Promise<void> {
  for (let done = 0; done < text.length; ) {
    const { bytesWritten } = await handle.write(text, done, text.length - done, at + done);
    done += bytesWritten;
  }
}

/** Makes names in a folder survive a power cut; Windows cannot open a folder and needs no such call. */
async function syncNames(file: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(dirname(file), "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
