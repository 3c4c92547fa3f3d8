import { describe, expect, it } from "vitest";
import { asTyped, programOf } from "../../../src/cli/called.js";

describe("how this process was called", () => {
  const at = (script: string, cwd: string, env = {}) =>
    programOf({ argv: ["/usr/bin/node", script], env, cwd });

  it("is the command itself where it is installed", () => {
    expect(at("/usr/local/bin/wearout", "/home/mei")).toBe("wearout");
    expect(
      at("/home/mei/lab/node_modules/.bin/wearout", "/home/mei/lab", { npm_command: "exec" }),
    ).toBe("npx wearout");
  });

  it("is node and the script in a clone, as near as it can be said from here", () => {
    expect(at("/home/mei/wearout/bin/wearout.js", "/home/mei/wearout")).toBe("node bin/wearout.js");
    expect(at("/home/mei/wearout/bin/wearout.js", "/home/mei")).toBe("node wearout/bin/wearout.js");
    expect(at("/opt/my lab/bin/wearout.js", "/home/mei")).toBe("node '/opt/my lab/bin/wearout.js'");
  });

  it("counts from where npm was called, not from where npm went", () => {
    const env = { npm_lifecycle_event: "start", INIT_CWD: "/home/mei/wearout/rigs" };
    expect(at("/home/mei/wearout/bin/wearout.js", "/home/mei/wearout", env)).toBe(
      "node /home/mei/wearout/bin/wearout.js",
    );
  });
});

describe("a command in a text", () => {
  const clone = { program: "node bin/wearout.js" };

  it("is printed as it must be typed here", () => {
    expect(asTyped("the record: wearout run show a-1", clone)).toBe(
      "the record: node bin/wearout.js run show a-1",
    );
    expect(
      asTyped("wearout run resume a-1 goes on with it, wearout run stop a-1 ends it", clone),
    ).toBe(
      "node bin/wearout.js run resume a-1 goes on with it, node bin/wearout.js run stop a-1 ends it",
    );
    expect(asTyped("(wearout doctor says what helps)", clone)).toBe(
      "(node bin/wearout.js doctor says what helps)",
    );
  });

  it("repeats the folders that this command was given, where the other one takes them", () => {
    const call = { program: "wearout", site: "my site", records: "/r", state: "/s" };
    expect(asTyped("look: wearout run resume a-1 --yes", call)).toBe(
      "look: wearout --site 'my site' run resume --records /r --state /s a-1 --yes",
    );
    expect(asTyped("wearout rig safe bearing-four", call)).toBe(
      "wearout --site 'my site' rig safe --state /s bearing-four",
    );
    expect(
      asTyped("wearout run show a-1 --records /other", { program: "wearout", records: "/r" }),
    ).toBe("wearout run show a-1 --records /other");
  });

  it("is left alone where the word names the product or a file", () => {
    for (const text of [
      "before wearout starts",
      "99-wearout-serial",
      "/usr/bin/wearout run",
      "wearout: defect",
      "docs of wearout running",
    ]) {
      expect(asTyped(text, clone)).toBe(text);
    }
  });
});
