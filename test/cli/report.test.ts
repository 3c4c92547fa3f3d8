import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, root, wearout } from "./command.js";

const folder = newFolder();
const lives = join(folder, "lives.csv");
writeFileSync(
  lives,
  "time_h,status,mode,lot\n5,F,spall,A\n7,F,cage,A\n9,F,spall,A\n8,F,spall,B\n11,F,cage,B\n13,F,cage,B\n14,S,,B\n",
);
const out = join(folder, "report.html");
const made = () => readFileSync(out, "utf8");

describe("wearout report life", () => {
  it("writes one page with lots and modes apart, and the command that makes it again", async () => {
    const said = await wearout("report", "life", lives, "--output", out, "--at", "10h");
    expect(said).toMatchObject({ status: 0, out: "" });
    expect(said.talk).toContain(`${out}: life data report, 7 rows`);
    expect(made().match(/<svg /g)).toHaveLength(4);
    expect(made()).toContain("Lots apart");
    expect(made()).toContain("Modes apart");
    const again = /<code>(wearout [^<]*)<\/code>/.exec(made())![1]!.split(" ").slice(1);
    const first = made();
    expect((await wearout(...again)).status).toBe(0);
    const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "");
    expect(timeless(made())).toBe(timeless(first));
  });

  it("is in Chinese when asked, in no third language", async () => {
    await wearout("report", "life", lives, "--output", out, "--language", "zh");
    expect(made()).toContain("寿命数据分析报告");
    const { status, talk } = await wearout(
      "report",
      "life",
      lives,
      "--output",
      out,
      "--language",
      "de",
    );
    expect(status).toBe(2);
    expect(talk).toContain("--language");
  });

  it("leaves out what the data cannot answer, and refuses where nothing can be said", async () => {
    const few = join(folder, "few.csv");
    writeFileSync(few, "time,status,lot\n5,F,A\n7,F,A\n9,S,B\n");
    expect((await wearout("report", "life", few, "--output", out)).status).toBe(0);
    expect(made()).not.toContain("Lots apart");
    writeFileSync(few, "time,status\n5,S\n");
    const { status, talk } = await wearout("report", "life", few, "--output", out);
    expect(status).toBe(5);
    expect(talk).toContain("NO_FAILURE");
  });

  it("names itself and standard input in its command as they are typed here", () => {
    const command = [join(root, "bin/wearout.js"), "report", "life", "-", "--output", out];
    const input = readFileSync(lives);
    const { status } = spawnSync(process.execPath, command, { input, cwd: root });
    expect(status).toBe(0);
    expect(made()).toContain("<code>node bin/wearout.js report life - --distribution");
  });

  it("wants DATA and a file", async () => {
    expect((await wearout("report", "life", lives)).status).toBe(2);
    const none = await wearout("report", "life", "--output", out);
    expect(none.talk).toContain("report life: expected DATA once");
  });
});
