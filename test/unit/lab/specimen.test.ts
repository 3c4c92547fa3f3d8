import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { SpecimenStore } from "../../../src/lab/specimen.js";

const roots: string[] = [];
let root = "";
let store: SpecimenStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wearout-specimen-"));
  roots.push(root);
  store = new SpecimenStore(root);
});
afterAll(() => {
  for (const folder of roots) rmSync(folder, { recursive: true, force: true });
});

describe("the specimens of a records folder", () => {
  it("are written down when kept, and known from then on", () => {
    expect(store.find("B-17.a_1")).toBeUndefined();
    const made = store.resolve("B-17.a_1", "ball-bearing/6206", false);
    expect(readdirSync(root)).toEqual([]);
    store.keep(made);
    expect(made).toEqual({ specimen: "B-17.a_1", product: "ball-bearing/6206" });
    expect(new SpecimenStore(root).find("B-17.a_1")).toEqual(made);
    expect(readdirSync(join(root, "specimens"))).toEqual(["B-17.a_1.json"]);
  });

  it("keep their product when a profile only suggests another", () => {
    store.keep({ specimen: "a", product: "ball-bearing/6206" });
    expect(store.resolve("a", "ball-bearing/6208", false).product).toBe("ball-bearing/6206");
  });

  it("remember their lot, and say so when another is named", () => {
    store.keep({ specimen: "a", product: "ball-bearing/6206", lot: "B6" });
    expect(store.otherLot("a", "B6")).toBeUndefined();
    expect(store.otherLot("a", undefined)).toBeUndefined();
    expect(store.otherLot("b", "B7")).toBeUndefined();
    expect(store.otherLot("a", "B7")).toBe(
      "specimen a was of lot B6 in its last run, now it is of lot B7: one of them is wrong",
    );
    store.keep({ specimen: "a", product: "ball-bearing/6208", lot: "B7" });
    expect(store.find("a")).toEqual({ specimen: "a", product: "ball-bearing/6206", lot: "B7" });
  });

  it("cannot be kept where no folder can be made, and that is said at once", () => {
    const nowhere = new SpecimenStore("/proc/self/wearout-records");
    expect(() => nowhere.keep({ specimen: "a", product: "ball-bearing/6206" })).toThrow(
      expect.objectContaining({ code: "RECORD_FAILED" }),
    );
  });

  it("are refused as another product, and stay what they were", () => {
    store.keep({ specimen: "a", product: "ball-bearing/6206" });
    const before = readFileSync(join(root, "specimens", "a.json"), "utf8");
    expect(() => store.resolve("a", "ball-bearing/6208", true)).toThrow(
      expect.objectContaining({
        code: "STATE_REFUSED",
        message: "specimen a is known as ball-bearing/6206, not ball-bearing/6208",
      }),
    );
    store.keep({ specimen: "a", product: "ball-bearing/6208" });
    expect(readFileSync(join(root, "specimens", "a.json"), "utf8")).toBe(before);
  });

  it.each(["", "../a", "a/b", "a b", ".a", "-a", "ä", "a".repeat(65)])(
    "are not called %j",
    (name) => {
      expect(() => store.resolve(name, "ball-bearing/6206", false)).toThrow(
        expect.objectContaining({ code: "USAGE" }),
      );
      expect(readdirSync(root)).toEqual([]);
    },
  );

  it("say so when their file is damaged", () => {
    store.keep({ specimen: "a", product: "ball-bearing/6206" });
    writeFileSync(join(root, "specimens", "a.json"), '{ "specimen": "a" }');
    expect(() => store.find("a")).toThrow(expect.objectContaining({ code: "FILE_INVALID" }));
  });

  it("that cannot be kept are a clear error", () => {
    writeFileSync(join(root, "specimens"), "a file where the folder should be");
    expect(() => store.find("a")).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
    expect(() => store.keep({ specimen: "a", product: "ball-bearing/6206" })).toThrow(
      expect.objectContaining({ name: "WearoutError" }),
    );
  });
});
