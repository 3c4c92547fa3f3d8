/** Apart from the schemas: whoever lists runs needs none. */
import type { RecordEvent } from "./event.js";
import type { RecordedInput } from "./input.js";

/** The input of a run that an event carries. */
export function inputIn({ data }: Pick<RecordEvent, "data">): RecordedInput | undefined {
  return "input" in data ? data.input : undefined;
}
