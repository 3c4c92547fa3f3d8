/** Tables of life data in the words of other languages, and what a laboratory writes beside them. */
import { describe, expect, it } from "vitest";
import { stressOption } from "../../../src/cli/life/stress-option.js";
import { decodeText } from "../../../src/cli/text-file.js";
import { parseDegradation } from "../../../src/life/degradation-data.js";
import { parseLifeData } from "../../../src/life/parse.js";
import { problems } from "./problems.js";

const read = (text: string) => parseLifeData(text, "d.csv", {});
const rowsOf = (text: string) => read(text).rows.map((r) => [r.specimen, r.time, r.kind, r.count]);

/** As a program of Windows in the west writes it. */
function western(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

describe("a table in another language", () => {
  it("has German titles and words, with units as an engineer writes them", () => {
    const flags = "Prüfling;Laufzeit (h);Ausfall;Anzahl\n1;1234,5;ja;1\n2;2000,5;nein;3\n";
    expect(rowsOf(flags)).toEqual([
      ["1", 1234.5, "exact", 1],
      ["2", 2000.5, "right", 3],
    ]);
    const words = "Lfd. Nr.;Lastwechsel;Zustand;Charge;Ausfallart\n";
    const data = read(
      `${words}7;1250000,5;Ausfall;B7;Pitting\n8;2000000;Durchläufer;B7;\n9;3000;läuft noch;;\n`,
    );
    expect(data.unit).toBe("cycles");
    expect(data.rows.map((r) => r.kind)).toEqual(["exact", "right", "right"]);
    expect(data.rows[0]).toMatchObject({ specimen: "7", lot: "B7", mode: "Pitting" });
    for (const title of ["Laufzeit / h", "Laufzeit in h", "Lebensdauer, Std", "Betriebsstunden"]) {
      const data = read(`"${title}";Status\n12,5;F\n`);
      expect([data.unit, data.rows[0]?.time]).toEqual(["h", 12.5]);
    }
  });

  it("has French titles and words, with and without their accents", () => {
    const text = "Éprouvette;Durée (h);État;Quantité\n1;1234,5;défaillance;1\n2;2000;non rompu;2\n";
    const plain = text.normalize("NFD").replace(/\p{Mn}/gu, "");
    for (const one of [text, plain]) {
      expect(rowsOf(one)).toEqual([
        ["1", 1234.5, "exact", 1],
        ["2", 2000, "right", 2],
      ]);
    }
    const flags = "N° de série;Heures;Défaillance\n1;12,5;oui\n2;20;non\n3;21;VRAI\n4;22;FAUX\n";
    expect(read(flags).rows.map((r) => r.kind)).toEqual(["exact", "right", "exact", "right"]);
  });

  it("has Chinese titles with a unit behind a stroke, and a state of failure", () => {
    const text = "轴承编号,运行时间/h,失效情况\n1,1234.5,失效\n2,2000,未失效\n";
    expect(read(text).unit).toBe("h");
    expect(read(text).rows.map((r) => r.kind)).toEqual(["exact", "right"]);
  });

  it("has English titles as people type them", () => {
    const flags = "Sample ID,Time to failure (hrs),Failed?\n1,500,Yes\n2,900,No\n";
    expect(rowsOf(flags).map(([, , kind]) => kind)).toEqual(["exact", "right"]);
    const words = "Serial No,Hours,Failed/Suspended\n1,500,Broken\n2,900,Run-out\n";
    expect(rowsOf(words).map(([, , kind]) => kind)).toEqual(["exact", "right"]);
  });

  it("has units that end with a point, behind a low line, and in cells, by any of their names", () => {
    for (const title of ["Laufzeit in Std.", "Laufzeit_h", "life_hours", "Test time, hrs."]) {
      expect([title, read(`"${title}",status\n12.5,F\n`).unit]).toEqual([title, "h"]);
    }
    expect(read("time,status\n5 h,F\n6 Std,F\n7 hours,F\n8 Std.,S\n").unit).toBe("h");
    expect(read("life_test,time,status\n1,5,F\n").stresses).toEqual(["life_test"]);
  });

  it("has words of inspectors and of statistics programs", () => {
    const states = ["n.i.O.", "NOK", "NG", "不合格", "i.O.", "OK", "cens", "合格", "passed"];
    const kinds = read(`time,status\n${states.map((s) => `5,${s}`).join("\n")}\n`).rows;
    expect(kinds.map((r) => r.kind)).toEqual([
      ...Array.from({ length: 4 }, () => "exact"),
      ...Array.from({ length: 5 }, () => "right"),
    ]);
    expect(read("hours,delta\n5,1\n6,0\n").rows.map((r) => r.kind)).toEqual(["exact", "right"]);
    expect(read("hours,cens\n5,1\n6,0\n").rows.map((r) => r.kind)).toEqual(["right", "exact"]);
  });

  it("has digits of full width", () => {
    const data = read("时间,状态,数量\n１２３４．５,失效,２\n２０００,失效,1\n");
    expect(data.rows.map((r) => [r.time, r.count])).toEqual([
      [1234.5, 2],
      [2000, 1],
    ]);
  });

  it("has a failure with a unit, which is no column of yes and no", () => {
    expect(problems("failure (h),status\n500,F\n")[0]).toContain('expected a column "time"');
  });
});

describe("a column of stress", () => {
  it("is known by its unit, in brackets too, and that is told", () => {
    const data = read("Temperatur (°C);Last [kN];hours;status\n80;4,5;12,5;F\n");
    expect(data.rows[0]?.stress).toEqual({ Temperatur_degC: 80, Last_kN: 4.5 });
    expect(data.notes?.at(-1)).toContain('"Temperatur (°C)" as Temperatur_degC');
    expect(read("温度（℃）,hours,status\n80,12.5,F\n").stresses).toEqual(["温度_degC"]);
    expect(stressOption("arrhenius", "Temperatur (°C)", "40").law.columns).toEqual([
      "Temperatur_degC",
    ]);
  });
});

describe("measurements of degradation", () => {
  it("have columns in other languages, and what was taken for what is told", () => {
    const rows = ["1;100;1,2", "1;200;1,9"].join("\n");
    const german = parseDegradation(`Prüfling;Zeit (h);Wert (mm/s);Datum\n${rows}\n`, "d.csv");
    expect([german.timeUnit, german.valueUnit]).toEqual(["h", "mm/s"]);
    expect(german.specimens[0]?.measurements.map((m) => m.value)).toEqual([1.2, 1.9]);
    expect(german.notes).toEqual([
      "read with semicolons between cells and decimal commas",
      'columns taken: "Prüfling" as specimen, "Zeit (h)" as time, "Wert (mm/s)" as value',
      'columns passed over: "Datum"',
    ]);
    const chinese = parseDegradation("试样编号,时间(h),测量值\n1,100,1.2\n1,200,1.9\n", "d.csv");
    expect(chinese.specimens).toHaveLength(1);
  });
});

describe("one column", () => {
  it("has commas for decimals only, and points for thousands", () => {
    const growth = (text: string) =>
      parseLifeData(text, "d.csv", { statusOptional: true }).rows.map((r) => r.time);
    expect(growth("Betriebszeit (h)\r\n120,5\r\n380\r\n1.400,25\r\n")).toEqual([
      120.5, 380, 1400.25,
    ]);
    expect(growth("time\n120.5\n380\n")).toEqual([120.5, 380]);
    expect(problems("time\n1,234\n2,345\n")[0]).toContain("found 2 cells");
  });
});

describe("a column for people", () => {
  it("is passed over, and that is said: remarks and dates", () => {
    for (const title of ["Comment", "Bemerkungen", "Remarque", "备注", "Datum"]) {
      const data = read(`time,status,${title}\n500,F,spalled\n900,S,\n`);
      expect(data.notes).toContain(`columns passed over: "${title}"`);
    }
    expect(problems("time,status,colour\n500,F,red\n")[0]).toContain("an unknown column");
  });
});

describe("a column that may mean two things", () => {
  const asked = (text: string, ...used: string[]) => {
    try {
      return parseLifeData(text, "d.csv", { used }).stresses.join();
    } catch (error) {
      return String(error);
    }
  };

  it("is asked for: a weight may be a count, a start the age of entry", () => {
    for (const title of ["weight", "n", "Frequency", "freq", "Gewicht"]) {
      const said = asked(`time,status,${title}\n500,F,2\n900,S,7\n`);
      expect(said).toContain(`"${title}", which may mean how many specimens a row stands for`);
      expect(said).toContain('expected "count" for that');
    }
    for (const title of ["start", "start_h", "Start (h)"]) {
      const said = asked(`time_h,status,${title}\n500,F,200\n`);
      expect(said).toContain("which may mean the age at which a specimen came under watch");
    }
  });

  it("is not asked for where it can mean one thing only", () => {
    expect(asked("time,status,weight\n500,F,2\n", "weight")).toBe("weight");
    expect(asked("time,status,count,n\n500,F,2,2\n")).toBe("n");
    expect(asked("time,status,n_rpm\n500,F,2\n")).toBe("n_rpm");
    expect(asked("time,start,end\n5,0,9\n", "start", "end")).toContain("status");
    expect(asked("time,status,weight (kg)\n500,F,2\n")).toBe("weight_kg");
  });

  it("has a name of ours where the word is plain", () => {
    expect(rowsOf("time,status,Häufigkeit\n5,F,3\n")[0]?.[3]).toBe(3);
    const late = read("time_h,status,truncation_age\n500,F,200\n").rows[0];
    expect(late?.entry).toBe(200);
  });
});

describe("a column without a title", () => {
  it("is passed over, and that is said with its place: an index, notes, several", () => {
    const index = read(",time,status\n0,5,F\n1,6,S\n");
    expect([index.rows.length, index.stresses]).toEqual([2, []]);
    expect(index.notes).toEqual(["columns passed over: column 1, which has no title"]);
    const notes = read("time,status,,\n5,F,spalled,new grease\n6,S,,\n").notes;
    expect(notes?.[0]).toContain("column 3, which has no title, column 4, which has no title");
    const measured = parseDegradation(",specimen,time,value\n0,a,1,2\n1,a,2,3\n", "d.csv");
    expect(measured.notes).toEqual(["columns passed over: column 1, which has no title"]);
  });
});

describe("text of a program of the west", () => {
  it("is no Chinese, although its letters with accents can be read so", () => {
    const lines = [
      "Prüfling;Laufzeit\r\n",
      "Größe;Käfigbruch\r\n",
      "État;Quantité\r\n",
      "Éprouvette",
    ];
    for (const text of [...lines, lines.join("")]) {
      expect(decodeText(western(text))).toEqual({ text, encoding: "Windows-1252" });
    }
  });

  it("is Chinese where it is, rare characters too", () => {
    // 试样编号,状态 and a name with a character that GB 2312 has not.
    const bytes = [0xca, 0xd4, 0xd1, 0xf9, 0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xd7, 0xb4, 0xcc, 0xac];
    expect(decodeText(Buffer.from([...bytes, 0x2c, 0x96, 0x7c]))?.encoding).toBe("GBK");
    expect(decodeText(Buffer.from([...bytes, 0x2c, 0x81, 0x58]))?.encoding).toBe("GBK");
  });
});
