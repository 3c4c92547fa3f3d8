import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";

const folder = newFolder();
const file = (name: string, text = "") => {
  const path = join(folder, name);
  if (text !== "") writeFileSync(path, text);
  return path;
};
const lives = file(
  "lives.csv",
  "time_h,status,mode\n5,F,spall\n7,F,cage\n9,F,spall\n11,F,cage\n12,S,\n",
);
const others = file("others.csv", "time_h,status,simulated\n15,F,1\n17,F,1\n19,F,1\n");
const picture = file("picture.svg");
const drawn = () => readFileSync(picture, "utf8");

describe("wearout life fit --svg", () => {
  it("draws what it fits, and changes nothing of the result", async () => {
    const plain = await wearout("life", "fit", lives);
    const said = await wearout("life", "fit", lives, "--svg", picture);
    expect(said.out).toBe(plain.out);
    expect(said.talk).toContain(`${picture}: probability plot of ${lives}`);
    expect(drawn()).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(drawn().match(/<circle /g)).toHaveLength(4 + 1);
  });

  it("draws a line for every mode", async () => {
    await wearout("life", "fit", lives, "--by-mode", "--svg", picture, "--language", "zh");
    expect(drawn()).toContain("spall: 2 个失效");
    expect(drawn()).toContain("cage: 2 个失效");
  });

  it("says SIMULATED in the picture, and refuses a place it cannot write to", async () => {
    await wearout("life", "fit", others, "--svg", picture);
    expect(drawn()).toContain(`>SIMULATED · ${others}<`);
    const { status, talk } = await wearout("life", "fit", lives, "--svg", "/nonexistent/a.svg");
    expect(status).toBe(2);
    expect(talk).toContain("/nonexistent/a.svg cannot be written: its folder is not there");
  });
});

describe("wearout life compare --svg", () => {
  it("puts both lots on one paper and their regions below", async () => {
    const { status } = await wearout("life", "compare", lives, others, "--svg", picture);
    expect(status).toBe(0);
    expect(drawn()).toContain(`B  ${others}: 3 failures`);
    expect(drawn()).toContain("Joint confidence region");
  });
});
