import { deflateRawSync } from "node:zlib";

export type ZipEntry = { name: string; data: Uint8Array };

/** The same input gives the same bytes: every file is dated 1980-01-01, the first day ZIP knows. */
const dosDate = 0x0021;
const utf8Names = 0x0800;
const deflated = 8;

/**
 * A ZIP archive (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16) of files below 4 GB, names in
 * UTF-8.
 */
export function zip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const body = deflateRawSync(data);
    const title = Buffer.from(name, "utf8");
    const facts = factsOf(data, body.length, title.length);
    const local = Buffer.concat([u32(0x04034b50), facts, u16(0), title, body]);
    const attributes = [u16(0), u16(0), u16(0), u32(0)];
    const head = [u32(0x02014b50), u16(20), facts, u16(0), ...attributes, u32(offset)];
    directory.push(Buffer.concat([...head, title]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length)];
  const end = [u32(0x06054b50), ...counts, u32(central.length), u32(offset), u16(0)];
  return Buffer.concat([...parts, central, ...end]);
}

/** What local header and directory say alike: from the version needed to the length of the name. */
function factsOf(data: Uint8Array, packed: number, title: number): Buffer {
  const method = [u16(20), u16(utf8Names), u16(deflated), u16(0), u16(dosDate)];
  return Buffer.concat([...method, u32(crc32(data)), u32(packed), u32(data.length), u16(title)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** CRC-32 of ISO 3309, as ZIP wants it (Node 20's zlib offers none). */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
