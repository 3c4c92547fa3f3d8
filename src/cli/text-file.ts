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
  const chinese = decoded(bytes, "gbk", "GBK");
  const western = decoded(bytes, "windows-1252", "Windows-1252");
  return chinese !== undefined && !looksWestern(bytes) ? chinese : (western ?? chinese);
}

/**
 * Letters with an accent stand before plain ones (`Prüfling`, `État`). As GBK such a pair is a rare character:
 * common Chinese is written with two bytes above 0xA0 (GB 2312).
 */
function looksWestern(bytes: Uint8Array): boolean {
  let western = 0;
  let chinese = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x81) continue;
    const next = bytes[++i] ?? 0;
    if (next > 0xa0) chinese++;
    else if ((next >= 0x41 && next <= 0x5a) || (next >= 0x61 && next <= 0x7a)) western++;
  }
  return western > 0 && western >= chinese;
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
