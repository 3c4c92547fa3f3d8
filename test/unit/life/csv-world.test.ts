/** Tables as spreadsheets of other countries write them. */
import { describe, expect, it } from "vitest";
import { WearoutError } from "../../../src/base/error.js";
import { decodeText } from "../../../src/cli/text-file.js";
import { parseLifeData } from "../../../src/life/parse.js";

const read = (text: string, used?: string[]) =>
  parseLifeData(text, "d.csv", used === undefined ? {} : { used });

function problems(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof WearoutError && error.code === "FILE_INVALID") return error.message;
    throw error;
  }
  return "none";
}

const timesOf = (text: string) => read(text).rows.map((r) => r.time);

describe("a table of another country", () => {
  it("has semicolons, decimal commas, points between thousands, a mark, returns and empty tails", () => {
    const text = "\uFEFFtime;status;load;;\r\n1.234,5;F;12,5;;\r\n800,25 h;F;3;;\r\n;;;;\r\n";
    expect(problems(text)).toContain("one unit in all rows");
    const data = read(text.replace(" h", ""), []);
    expect(data.rows.map((r) => [r.time, r.stress["load"]])).toEqual([
      [1234.5, 12.5],
      [800.25, 3],
    ]);
    expect(data.notes).toEqual([
      "read with semicolons between cells and decimal commas",
      'columns of numbers that are not used here: "load"',
    ]);
  });

  it("has a point that may mean either: refused with both readings", () => {
    expect(problems("time;status;load\n1.234;F;1,5\n800,5;F;1,5\n")).toContain("1234 or 1,234");
  });

  it("has semicolons and only points with three digits after them: refused with both readings", () => {
    const german = "hours;status;load\n1.234;F;5\n2.345;F;6\n";
    expect(problems(german)).toContain('time: found "1.234", expected 1234 or 1.2340: between');
    expect(problems(german.replace("hours", "time").replace("1.234", "1.234 h"))).toContain(
      "1234 h or 1.2340 h",
    );
    expect(problems("time;status;load\n5;F;1.500\n6;F;2.500\n")).toContain("load: found");
    expect(timesOf(german.replace("1.234", "1.2340"))).toEqual([1.234, 2.345]);
    expect(timesOf(german.replace("1.234", "0.234"))).toEqual([0.234, 2.345]);
    expect(timesOf(german.replaceAll(";", ","))).toEqual([1.234, 2.345]);
  });

  it("has a comma between thousands where another number of its column can only have such", () => {
    expect(timesOf('time,status\n"1,234.5",F\n"2,000",F\n')).toEqual([1234.5, 2000]);
    expect(timesOf("time;status\n2,000;F\n1,234.5;F\n")).toEqual([2000, 1234.5]);
  });

  it("has commas between thousands beside a decimal point", () => {
    expect(timesOf('time,status\n"1,234.5",F\n"1,234,567",F\n')).toEqual([1234.5, 1234567]);
    expect(problems('time,status\n"1,234",F\n')).toContain('found "1,234"');
  });

  it("has tabs, and flags that say what 1 means", () => {
    const data = read("Cycles\tFailed\tqty\n1000\t1\t2\n3000\t0\t4\n");
    expect(data.unit).toBe("cycles");
    expect(data.rows.map((r) => [r.kind, r.count])).toEqual([
      ["exact", 2],
      ["right", 4],
    ]);
    const censored = read("hours,censored\n10,0\n20,1\n");
    expect(censored.rows.map((r) => r.kind)).toEqual(["exact", "right"]);
    expect(problems("time,status\n10,1\n")).toContain("is 1 a failure?");
  });

  it("has Chinese titles and words, with their unit", () => {
    const data = read("试样编号,寿命（小时）,状态,数量\nA1,500,失效,1\nA2,900,截尾,3\n");
    expect(data.unit).toBe("h");
    expect(data.rows.map((r) => [r.specimen, r.kind, r.time, r.count])).toEqual([
      ["A1", "exact", 500, 1],
      ["A2", "right", 900, 3],
    ]);
    expect(data.notes![0]).toContain('"寿命（小时）" as time');
  });

  it("has two columns that may be the time: asked which", () => {
    expect(problems("hours,cycles,status\n500,1,F\n")).toContain('"hours" and "cycles"');
  });

  it("keeps a word of ours where it stands: hours beside time are a stress", () => {
    expect(read("time,status,hours\n500,F,8\n").stresses).toEqual(["hours"]);
  });
});

describe("a table that a spreadsheet is told how to open", () => {
  it("says its separator in the first line", () => {
    expect(timesOf("sep=;\ntime;status\n800,5;F\n")).toEqual([800.5]);
    expect(timesOf('\uFEFF"sep=,"\r\ntime,status\r\n800.5,F\r\n')).toEqual([800.5]);
    expect(problems("sep=;\ntime;status\nx;F\n")).toContain("d.csv:3:1");
  });
});

describe("thousands set apart by blanks or apostrophes", () => {
  it("are numbers, and it is said that they were taken so", () => {
    const data = read("time_h;status\n1 234,5;F\n12'345;F\n2\u202f000 h;S\n");
    expect(data.rows.map((r) => r.time)).toEqual([1234.5, 12345, 2000]);
    expect(data.notes).toContain("blanks or apostrophes between digits taken as thousands");
    expect(timesOf("time,status\n1\u2019234.5,F\n")).toEqual([1234.5]);
  });

  it("are left as they are in names", () => {
    const data = read('time,status,specimen,lot\n5,F,101 002,"1,234.5"\n');
    expect(data.rows[0]).toMatchObject({ specimen: "101 002", lot: "1,234.5" });
    expect(data.notes).toEqual([]);
  });
});

describe("nothing is dropped in silence", () => {
  it("a line that begins with # is a comment and counted, unless a row may be meant", () => {
    const some = read("# rig 4\ntime,status\n500,F\n# new grease\n800,F\n");
    expect(some.notes).toEqual(["2 lines that begin with # were passed over as a comment"]);
    expect(problems("time,status\n500,F\n#N/A,F\n")).toContain('found "#N/A"');
    expect(problems("time,status\n500,F\n# 700,S\n")).toContain('found "# 700"');
    expect(problems("time,status,count\n500,F,1\n#DIV/0!\n")).toContain("#DIV/0!");
  });
});

describe("entry ages", () => {
  it("are read in any of their names, below the time, and nothing for 0 or no cell", () => {
    const data = read("time_h,status,entry age\n500,F,300\n600,S,0\n700,F,\n");
    expect(data.rows.map((r) => r.entry)).toEqual([300, undefined, undefined]);
    expect(problems("time,status,entry\n500,F,500\n")).toContain("an age below time, 500");
  });

  it("bound from below what failed before a look: it lived when it came under watch", () => {
    const data = read(
      "time,status,entry,time_high\n200,L,150,\n150,I,150,200\n0,I,150,200\n100,I,50,200\n",
    );
    const [left, at, before, within] = data.rows;
    for (const row of [left, at, before]) {
      expect(row).toMatchObject({ kind: "interval", time: 150, timeHigh: 200, entry: 150 });
    }
    expect(within).toMatchObject({ kind: "interval", time: 100, timeHigh: 200, entry: 50 });
    const late = "time,status,entry,time_high\n100,I,200,200\n";
    expect(problems(late)).toContain("an age below time_high, 200");
  });
});

describe("text of any program", () => {
  it("is UTF-8, UTF-16, GBK or Windows-1252, and said to be so", () => {
    expect(decodeText(Buffer.from("time,状态"))).toEqual({ text: "time,状态" });
    const gbk = Buffer.from([0xd7, 0xb4, 0xcc, 0xac]);
    expect(decodeText(gbk)).toEqual({ text: "状态", encoding: "GBK" });
    const utf16 = Buffer.from("\uFEFFtime", "utf16le");
    expect(decodeText(utf16)).toEqual({ text: "time", encoding: "UTF-16" });
    expect(decodeText(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toBeUndefined();
  });
});

describe("names", () => {
  it("reach no terminal as commands, and lose the mark that keeps them from being formulas", () => {
    const data = read('time,status,lot,mode\n5,F,\u001b[31mX,\'=1+1\n6,F,"a\nb",c\n');
    expect(data.rows.map((r) => [r.lot, r.mode])).toEqual([
      ["\\x1b[31mX", "=1+1"],
      ["a b", "c"],
    ]);
  });
});
