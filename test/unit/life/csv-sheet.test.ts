/** What stands around and in the tables that people export: titles above, thousands, signs in cells. */
import { describe, expect, it } from "vitest";
import { parseLifeData } from "../../../src/life/parse.js";
import { problems } from "./problems.js";

const read = (text: string) => parseLifeData(text, "d.csv", {});
const timesOf = (text: string) => read(text).rows.map((r) => r.time);

describe("a comma before three digits", () => {
  it("may mean either where no other number tells: refused with both readings", () => {
    for (const between of ["\t", ";"]) {
      const cells = ["1,234", "999", "2,500", "12,300"];
      const text = ["time_h", ...cells].map((c, i) => `${c}${between}${i === 0 ? "status" : "F"}`);
      const found = problems(`${text.join("\n")}\n`).join("; ");
      expect(found).toContain('found "1,234", expected 1234 or 1.2340');
      expect(found).toContain("a comma may stand for thousands or for decimals");
      expect(found).toContain("12300 or 12.3000");
    }
    const quoted = problems('time_h,status\n"1,234",F\n"999",F\n').join("; ");
    expect(quoted).toContain("1234 or 1.2340");
  });

  it("is what the other numbers of the table say", () => {
    expect(timesOf("time;status\n1,234;F\n12,5;F\n")).toEqual([1.234, 12.5]);
    expect(timesOf("time;status\n1,234;F\n0,125;F\n")).toEqual([1.234, 0.125]);
    expect(timesOf("time\tstatus\n1,234\tF\n1,234.5\tF\n")).toEqual([1234, 1234.5]);
    expect(timesOf('time,status\n"1,234",F\n"1,234,567",F\n')).toEqual([1234, 1234567]);
  });
});

describe("points between thousands", () => {
  it("are such in a column of which another number can only have such", () => {
    expect(timesOf("hours;status\n1.234,5;F\n1.500;F\n2.000 h;S\n856,25;F\n")).toEqual([
      1234.5, 1500, 2000, 856.25,
    ]);
    expect(timesOf("cycles;status;load\n1.250.000;F;4,5\n750.500;F;4,5\n")).toEqual([
      1_250_000, 750_500,
    ]);
    expect(timesOf("cycles;status\n1.250.000;F\n750.500;S\n")).toEqual([1_250_000, 750_500]);
  });

  it("are in doubt where only another column says so", () => {
    expect(problems("hours;status;load\n1.234;F;2.345,5\n")[0]).toContain("1234 or 1,234");
  });
});

describe("lines above the header", () => {
  it("that hold one cell are titles: passed over, and told", () => {
    const data = read("Life test results, lot B7\n\nserial;hours;status\nA1;12,5;F\n");
    expect(data.rows).toMatchObject([{ specimen: "A1", time: 12.5 }]);
    expect(data.notes).toContain('passed over above the header: "Life test results, lot B7"');
    const sheet = read("Lebensdauerversuch;;\n30.11.2026;;\nProbe;Stunden;Status\nA1;12,5;F\n");
    expect(sheet.rows).toMatchObject([{ specimen: "A1", time: 12.5 }]);
    expect(sheet.notes).toContain(
      'passed over above the header: "Lebensdauerversuch", "30.11.2026"',
    );
  });

  it("are no titles where none of our words comes below them", () => {
    expect(problems("results\nx,y\n1,2\n")[0]).toContain("expected 1, as in the header");
  });
});

describe("a cell that says more than a number", () => {
  it("is refused with what to write in its place", () => {
    expect(problems("hours,status\n>2000,S\n")[0]).toContain(
      "2000: that it lived longer is said by S",
    );
    expect(problems("hours,status\n12:30:00,F\n")[0]).toContain("12.5: hours as a number");
    expect(problems("hours,status\n12:30,F\n")[0]).toContain("12.5: hours as a number");
  });
});

describe("commas of full width between cells", () => {
  it("are named", () => {
    expect(problems("编号，小时，结果\n1，12，失效\n")[0]).toContain("commas of full width (，)");
  });
});
