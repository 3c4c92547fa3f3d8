import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** `sha256sum -c run.db.sha256` says the same. */
export const digestName = "run.db.sha256";

const readBytes = 1 << 20;

/** SHA-256 of a whole file, in steady memory. */
export function fileHash(path: string): string {
  const hash = createHash("sha256");
  const part = Buffer.alloc(readBytes);
  const fd = openSync(path, "r");
  try {
    for (let n = readSync(fd, part); n > 0; n = readSync(fd, part))
      hash.update(part.subarray(0, n));
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}
