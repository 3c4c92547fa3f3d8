import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder, wearout } from "./command.js";
import { recording } from "./wire.js";

const relay = `type: acme/relay
maker: Acme
model: Relay
title: two lamps in one register
source: [{ document: invented for tests }]
link: { framings: [tcp] }
identify: []
identifyNote: it is not real
points:
  lamp: { table: holding, address: 5, as: bit, bit: 2, unit: "1", access: read-write, write: { readFirst: true }, confidence: manual }
  horn: { table: holding, address: 5, as: bit, bit: 3, unit: "1", access: read-write, write: { function: 22 }, confidence: manual }
examples:
  - { from: ours, table: holding, address: 5, words: [4], means: { lamp: 1, horn: 0 } }
`;

function site(): string {
  const folder = newFolder();
  mkdirSync(join(folder, "devices/acme"), { recursive: true });
  writeFileSync(join(folder, "devices/acme/relay.yaml"), relay);
  return folder;
}

/** One register that knows functions 3, 6 and 22. */
function register(word: number) {
  const state = { word };
  const answer = (pdu: Buffer): number[] => {
    if (pdu[1] === 3) return [pdu[0]!, 3, 2, state.word >> 8, state.word & 0xff];
    const value = pdu.readUInt16BE(4);
    state.word = pdu[1] === 6 ? value : (state.word & value) | (pdu.readUInt16BE(6) & ~value);
    return [...pdu];
  };
  return { state, answer };
}

describe("a field of a register, written by its name", () => {
  it.each([
    ["lamp", [3, 6, 3], 0xa004],
    ["horn", [3, 22, 3], 0xa008],
  ])("%s goes out as its type says and leaves its neighbours", async (point, functions, after) => {
    const { state, answer } = register(0xa000);
    const { at, requests } = await recording(answer);
    const to = ["--tcp", at, "--unit", "2", "--type", "acme/relay"];
    const said = await wearout("--site", site(), "line", "write", ...to, point, "on", "--yes");
    expect(said).toMatchObject({ status: 0 });
    expect(requests.map((r) => r[7])).toEqual(functions);
    expect(state.word).toBe(after);
  });
});
