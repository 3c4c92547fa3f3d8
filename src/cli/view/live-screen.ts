/** A part of the terminal that is drawn again and again in place. */
import { stripVTControlCharacters } from "node:util";
import { Cancel, type Clock } from "../../base/clock.js";
import { visibleLine } from "../../base/visible.js";
import { fitted, width, wrapped } from "../output.js";
import { type Paint, painter } from "./live-render.js";

/** A picture is drawn at most this often. */
const frameMs = 250;

/** A terminal, as much of it as a picture needs. */
export type Screen = {
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
};

/** What stands below the picture: keys, and whether words are typed there. */
export type Foot = { keys: readonly string[]; prompt: boolean };

export const processScreen: Screen = {
  get columns() {
    return process.stdout.columns ?? 80;
  },
  get rows() {
    return process.stdout.rows ?? 24;
  },
  write: (text) => void process.stdout.write(text),
};

/** Lines of a picture where there is room for so many, each shorter than `columns`. */
export type Body = (paint: Paint, columns: number, room: number) => readonly string[];

/**
 * A picture that stays in place on the terminal: each frame is one write that overwrites the one before, so that
 * nothing flickers; what is noted is printed above it and stays. Where words are typed, the line below the picture is
 * the terminal's own: it echoes and edits, and Ctrl-C stays a signal.
 */
export class LiveScreen {
  readonly #clock: Clock;
  readonly #body: Body;
  readonly #foot: Foot;
  readonly #screen: Screen;
  readonly #paint: Paint = painter((process.env["NO_COLOR"] ?? "") === "");
  readonly #ended = new Cancel();
  #drawnLines = 0;
  #above: string[] = [];

  constructor(clock: Clock, body: Body, foot: Foot, screen = processScreen) {
    this.#clock = clock;
    this.#body = body;
    this.#foot = foot;
    this.#screen = screen;
  }

  /** Takes the lower part of the terminal until `close`. */
  start(): void {
    void this.#loop();
  }

  /** A line above the picture that stays when the picture moves on. */
  note(text: string): void {
    this.#above.push(...text.split("\n"));
  }

  /** A line was typed: the terminal has gone to the next one. */
  typed(): void {
    if (this.#ended.cancelled || !this.#foot.prompt) return;
    this.#screen.write("\u001B[1A\r\u001B[J> ");
  }

  /** Draws once more and gives the terminal back. */
  close(): void {
    if (this.#ended.cancelled) return;
    this.#ended.cancel();
    this.#draw();
    this.#screen.write("\u001B[?25h");
  }

  async #loop(): Promise<void> {
    if (!this.#foot.prompt) this.#screen.write("\u001B[?25l");
    while (!this.#ended.cancelled) {
      this.#draw();
      await this.#clock.sleep(frameMs, this.#ended);
    }
  }

  #draw(): void {
    const body = this.#lines();
    const notes = this.#above
      .splice(0)
      .map((line) => fitted(visibleLine(line), this.#screen.columns));
    const above = notes.flatMap((n) => n.split("\n")).map((line) => this.#paint(line, "strong"));
    const prompt = this.#foot.prompt && !this.#ended.cancelled;
    const stays = prompt && above.length === 0 && body.length <= this.#drawnLines;
    const text = stays ? this.#inPlace(body) : this.#anew(above, body, prompt);
    // Synchronised output where the terminal knows it; others ignore the codes.
    this.#screen.write(`\u001B[?2026h${text}\u001B[?2026l`);
    this.#drawnLines = stays ? this.#drawnLines : body.length;
  }

  /** The line where words are typed is not touched. */
  #inPlace(body: readonly string[]): string {
    const lines = Array.from({ length: this.#drawnLines }, (_, i) => body[i] ?? "");
    const text = lines.map((line) => `\r${line}\u001B[K`).join("\n");
    return `\u001B7\u001B[${this.#drawnLines}A${text}\u001B8`;
  }

  #anew(above: readonly string[], body: readonly string[], prompt: boolean): string {
    const back = this.#drawnLines === 0 ? "\r" : `\u001B[${this.#drawnLines}A\r`;
    const lines = [...above, ...body].map((line) => `${line}\u001B[K\n`).join("");
    return `${back}${lines}\u001B[J${prompt ? "> " : ""}`;
  }

  /** As much of the picture as the terminal shows, the key line always. */
  #lines(): string[] {
    const { columns, rows } = this.#screen;
    const keys = this.#ended.cancelled
      ? []
      : this.#foot.keys.flatMap((key) => wrapped(key, columns - 1, ""));
    const lines = [...this.#body(this.#paint, columns, rows - 1 - keys.length), ...keys];
    return lines.map((line) => clip(line, columns - 1));
  }
}

/** Cuts a line at the edge, colours and all; a wrapped line would break the picture's height. */
function clip(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  let cut = "";
  for (const character of stripVTControlCharacters(line)) {
    if (width(cut + character) > columns - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
