/** What would move a cursor, colour a screen or turn a line around: all control characters but line feed and tab. */
const unseen = /[^\n\t\P{Cc}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of any origin for a screen, a table or a page: a control character stands there as `\x1b`, and does nothing. */
export function visible(text: string): string {
  return text.replace(unseen, written);
}

/** The same for one cell or one line: line feed and tab are written out too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\n\t]/g, (c) => (c === "\n" ? "\\n" : "\\t"));
}

function written(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
