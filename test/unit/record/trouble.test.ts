import { expect, it } from "vitest";
import { withoutRoom } from "../../../src/record/trouble.js";

it("a record that cannot be read on a full disk is told so, and on no other", () => {
  expect(withoutRoom("/records/a-1", () => 4096)).toMatch(
    /^no space is left on its disk.*make room/,
  );
  expect(withoutRoom("/records/a-1", () => 1 << 20)).toBeUndefined();
  expect(withoutRoom("/nonexistent/a-1")).toBeUndefined();
});
