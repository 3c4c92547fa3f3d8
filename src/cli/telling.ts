/**
 * The way out for all words: commands in them as they must be typed here, nothing in them that moves a cursor, no line
 * wider than the terminal.
 */
import { visible } from "../base/visible.js";
import { asTyped, type Call } from "./called.js";
import { fitted, type Output } from "./output.js";

/** Wraps an output; `call` may still learn what this command was given. */
export class Telling {
  readonly output: Output;
  #divert: ((text: string) => void) | undefined;

  constructor(raw: Output, call: Call) {
    const told = (text: string) => visible(asTyped(text, call));
    this.output = {
      ...raw,
      print: (text) => raw.print(isData(text) ? text : fitted(told(text), raw.columns("results"))),
      picture: (text) => raw.picture(asTyped(text, call)),
      talk: (text) =>
        this.#divert === undefined
          ? raw.talk(fitted(told(text), raw.columns("talk")))
          : this.#divert(told(text)),
      status: (text) => raw.status(visible(text)),
    };
  }

  /** Where something else has the screen, talk goes through it. */
  divertTalk(to: ((text: string) => void) | undefined): void {
    this.#divert = to;
  }
}

/** JSON stays as it is: nobody types what is in it. */
function isData(text: string): boolean {
  return /^[[{]/.test(text);
}
