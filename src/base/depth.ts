/** How deep a YAML text nests, found without building anything: what reads it recurses and would break. */
import { Lexer } from "yaml";

/** Nobody writes deeper than this; the shipped files stay below 12. */
export const deepest = 64;

/** Marks of the lexer that stand for no text: document, end of a broken flow, scalar. */
const marks = new Set(["\u0002", "\u0018", "\u001f"]);

/** Where a text first nests deeper than `deepest`; undefined where it does not. Linear in its length. */
export function tooDeepAt(text: string): number | undefined {
  const level = new Level();
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (marks.has(token)) continue;
    if (level.take(token) > deepest) return offset;
    offset += token.length;
  }
  return undefined;
}

/** Brackets that are open, and the columns at which the blocks around a line begin. */
class Level {
  #flow = 0;
  #columns: number[] = [];
  #column = 0;
  /** Only spaces and block indicators until now. */
  #isAtStart = true;

  take(token: string): number {
    if (token.startsWith("\n") || token.startsWith("\r")) {
      this.#column = 0;
      this.#isAtStart = true;
      return 0;
    }
    if (token === "{" || token === "[") this.#flow++;
    else if (token === "}" || token === "]") this.#flow = Math.max(0, this.#flow - 1);
    if (this.#isAtStart && token.trim() !== "") this.#blockAt(this.#column, token);
    this.#column += token.length;
    return this.#flow + this.#columns.length;
  }

  /** A block goes on at its column; what began further in is over. */
  #blockAt(column: number, token: string): void {
    while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop();
    const isBlock = !/^[#{[]/.test(token) && this.#columns.at(-1) !== column;
    if (isBlock) this.#columns.push(column);
    this.#isAtStart = token === "-" || token === "?" || token === ":";
  }
}
