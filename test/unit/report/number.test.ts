import { expect, it } from "vitest";
import { boundedTexts } from "../../../src/report/number.js";

it("bounds leave a number the digits that have sense", () => {
  const texts = (estimate: number, lower: number, upper: number) =>
    boundedTexts({ estimate, lower, upper });
  expect(texts(24.68135, 12.34567, 45.6789)).toEqual(["25", "12", "46"]);
  expect(texts(1234.5678, 1234.1111, 1235.2222)).toEqual(["1234.57", "1234.11", "1235.22"]);
  expect(texts(1234.5678, 400.123, 9876.54)).toEqual(["1200", "400", "9900"]);
  expect(texts(2.345678, 1.234567, Number.POSITIVE_INFINITY)).toEqual(["2.35", "1.23", "∞"]);
  expect(texts(1, 0, 1)).toEqual(["1", "0", "1"]);
});
