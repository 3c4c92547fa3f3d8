/** Text of files as people's programs write them. */

/** `encoding` where it is not UTF-8. Undefined for what is no text in any of these. */
export function decodeText(bytes: Uint8Array): { text: string; encoding?: string } | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, "utf-16le", "UTF-16");
  if (first === 0xfe && second === 0xff) return decoded(bytes, "utf-16be", "UTF-16");
  const text = tried(bytes, "utf-8");
  if (text !== undefined && !(looksForeign.test(text) && tried(bytes, "gbk") !== undefined)) {
    return text.includes("\0") ? undefined : { text };
  }
  return decoded(bytes, "gbk", "GBK") ?? decoded(bytes, "windows-1252", "Windows-1252");
}

/** Some words of GBK (状态) are bytes of UTF-8 too, of letters that no such file holds: Hebrew, Arabic, accents alone. */
const looksForeign = /[\u0180-\u036f\u0530-\u07ff]/;

function decoded(bytes: Uint8Array, label: string, encoding: string) {
  const text = tried(bytes, label);
  return text === undefined || text.includes("\0") ? undefined : { text, encoding };
}

function tried(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
