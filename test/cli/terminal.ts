const esc = "\u001b";

/** As much of a terminal as the live view uses, so that a test sees what a person sees. */
export class Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Lines that have gone out at the top. */
  readonly gone: string[] = [];
  #lines: string[];
  #row = 0;
  #column = 0;
  #saved: [number, number] = [0, 0];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#lines = Array.from({ length: rows }, () => "");
  }

  get shown(): string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  /** The line that the cursor is on. */
  get cursorLine(): string {
    return this.#lines[this.#row]!.trimEnd();
  }

  write(text: string): void {
    const piece = new RegExp(`${esc}[78]|${esc}\\[[?0-9;]*[A-Za-z]|[\\r\\n]|.`, "gsu");
    for (const [part] of text.matchAll(piece)) this.#take(part);
  }

  #take(part: string): void {
    if (part === "\r") this.#column = 0;
    else if (part === "\n") this.#newLine();
    else if (part === "\u001b7") this.#saved = [this.#row, this.#column];
    else if (part === "\u001b8") [this.#row, this.#column] = this.#saved;
    else if (part.startsWith("\u001b["))
      this.#obey(part.at(-1)!, Number.parseInt(part.slice(2), 10));
    else this.#print(part);
  }

  #obey(code: string, count: number): void {
    if (code === "A") this.#row = Math.max(0, this.#row - (count || 1));
    if (code === "K" || code === "J") {
      this.#lines[this.#row] = this.#lines[this.#row]!.slice(0, this.#column);
    }
    if (code === "J") for (let i = this.#row + 1; i < this.rows; i++) this.#lines[i] = "";
  }

  #print(character: string): void {
    if (this.#column >= this.columns) {
      this.#column = 0;
      this.#newLine();
    }
    const line = this.#lines[this.#row]!.padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }

  /** Terminals of Unix go to the first column too (ONLCR). */
  #newLine(): void {
    this.#column = 0;
    if (this.#row < this.rows - 1) this.#row++;
    else {
      this.gone.push(this.#lines.shift()!.trimEnd());
      this.#lines.push("");
    }
  }
}
