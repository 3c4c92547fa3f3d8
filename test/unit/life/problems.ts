/** What a table is refused for, a sentence each; none where it is read. */
import { WearoutError } from "../../../src/base/error.js";
import { parseLifeData } from "../../../src/life/parse.js";

export function problems(text: string): string[] {
  try {
    parseLifeData(text, "d.csv", {});
  } catch (error) {
    if (error instanceof WearoutError && error.code === "FILE_INVALID") {
      return error.message.split("\n").slice(1);
    }
    throw error;
  }
  return [];
}
