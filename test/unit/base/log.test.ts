import { describe, expect, it } from "vitest";
import { textWithoutSecrets, withoutSecrets } from "../../../src/base/log.js";

describe("secrets", () => {
  it("are removed under whatever name and however deep", () => {
    const facts = {
      token: "480112",
      by: "mei",
      args: { Password: "x", list: [{ apiSecret: 7 }, "token=480112 for mei"], runs: 3 },
    };
    expect(withoutSecrets(facts)).toEqual({
      token: "[removed]",
      by: "mei",
      args: {
        Password: "[removed]",
        list: [{ apiSecret: "[removed]" }, "token=[removed] for mei"],
        runs: 3,
      },
    });
  });

  it("are removed from sentences, commands, JSON and addresses, and nothing else is", () => {
    const texts: [string, string][] = [
      ["run resume --token 480112 --yes", "run resume --token [removed] --yes"],
      ['{"token":"480112","by":"mei"}', '{"token":"[removed]","by":"mei"}'],
      ["password: abc, user mei", "password: [removed], user mei"],
      ["mqtt://mei:abc@host:1883/x", "mqtt://mei:[removed]@host:1883/x"],
      ["the tokens of a terminal", "the tokens of a terminal"],
      ["tcp 127.0.0.1:1502 at 12:30", "tcp 127.0.0.1:1502 at 12:30"],
    ];
    for (const [text, expected] of texts) expect(textWithoutSecrets(text)).toBe(expected);
  });

  it("do not hang whoever logs what contains itself", () => {
    const round: Record<string, unknown> = {};
    round["self"] = round;
    expect(JSON.stringify(withoutSecrets(round))).toContain("[deeper]");
  });
});
