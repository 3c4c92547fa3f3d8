import { describe, expect, it } from "vitest";
import { type Taken, wrongness } from "../../campaign/line-peers/judge.js";
import { marks, type Question } from "../../campaign/line-peers/question.js";
import { cellsOf, rowsOf } from "../../campaign/line-peers/record-rows.js";

function served(n: number, address: number, atMs: number, more: Partial<Question> = {}): Question {
  const values = marks(3, address, 2, n);
  const what = { unit: 1, code: 3, address, count: 2, values, outcome: "done" } as const;
  return { n, atMs, wallMs: atMs, ...what, ...more };
}

function taken(address: number, values: readonly number[], fromMs: number): Taken {
  return { unit: 1, code: 3, address, values, fromMs, toMs: fromMs + 50 };
}

const questions = [
  served(1, 0, 100),
  served(2, 10, 200),
  served(3, 0, 300),
  served(4, 48, 400, { code: 6, count: 1, values: [7], outcome: "exception 4" }),
];

describe("the judge of line peers", () => {
  it("takes a value for right that was served to a question within the exchange", () => {
    expect(wrongness(taken(0, marks(3, 0, 2, 3), 290), questions, "atMs")).toBeUndefined();
    expect(wrongness(taken(1, marks(3, 1, 1, 3), 290), questions, "atMs")).toBeUndefined();
  });

  it("tells a value of another register, of an earlier question, and of nobody apart", () => {
    const of = (values: readonly number[]) => wrongness(taken(0, values, 290), questions, "atMs");
    expect(of(marks(3, 10, 2, 2))).toContain("the answer to question 2 for @10");
    expect(of(marks(3, 0, 2, 1))).toContain("a question of 190 ms before");
    expect(of([1, 2])).toContain("never served");
  });

  it("takes no write for carried out that the device refused", () => {
    const write = { ...taken(48, [7], 390), code: 6 };
    expect(wrongness(write, questions, "atMs")).toContain("never served");
  });

  it("marks no two addresses and no two neighbouring questions alike", () => {
    const registers = Array.from({ length: 1024 }, (_, n) => marks(3, 0, 48, n)).flat();
    expect(new Set(registers).size).toBe(1024 * 48);
    const bytes = Array.from({ length: 20 }, (_, n) =>
      [0, 8, 16, 24].map((at) => marks(1, at, 8, n).join("")),
    ).flat();
    expect(new Set(bytes).size).toBe(80);
  });

  it("reads an exported sample with the columns that are not good", () => {
    const csv =
      "time,elapsed_s,cycle,speed_rpm,q0,q1,quality\n2026-11-30T10:00:00.500Z,0.5,1,600,11,,q1=bad\n";
    const [row] = rowsOf(csv);
    expect(row!.wallMs).toBe(Date.UTC(2026, 10, 30, 10, 0, 0, 500));
    expect(cellsOf(row!, ["q0"])).toEqual([11]);
    expect(cellsOf(row!, ["q0", "q1"])).toBeUndefined();
  });
});
