/** A disk that can lose its power: ext4 in a file behind a loop device. Linux, root and Python 3 needed. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * EXT4_IOC_SHUTDOWN with NOLOGFLUSH (linux/fs/ext4, as xfstests' `godown -f` calls it): from this moment the
 * file system sends nothing more to the block device, and every call fails.
 */
const shutdown = `import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))`;

const sizeMb = 96;

export class PowerDisk {
  readonly folder = mkdtempSync(join(tmpdir(), "wearout-power-"));
  readonly mount = join(this.folder, "disk");
  readonly #image = join(this.folder, "disk.img");
  #mounted = false;

  constructor() {
    mkdirSync(this.mount);
    run("truncate", "-s", `${sizeMb}M`, this.#image);
    run("mkfs.ext4", "-q", "-F", this.#image);
    this.#attach();
  }

  /** What was not on the block device by now is lost. Whoever still writes gets errors. */
  cut(): void {
    run("python3", "-c", shutdown, this.mount);
    copyFileSync(this.#image, `${this.#image}.cut`);
  }

  /** Power is back: the blocks of the moment of the cut, and the journal is played back. */
  restore(): void {
    this.#detach();
    copyFileSync(`${this.#image}.cut`, this.#image);
    this.#attach();
  }

  remove(): void {
    this.#detach();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #attach(): void {
    run("mount", "-o", "loop", this.#image, this.mount);
    this.#mounted = true;
  }

  #detach(): void {
    if (this.#mounted) run("umount", this.mount);
    this.#mounted = false;
  }
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
}
