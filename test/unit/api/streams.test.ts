import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { findKeeper } from "../../../src/api/client.js";
import type { Place } from "../../../src/api/place.js";
import { mostStreams } from "../../../src/api/streams.js";
import { ask, clock, rawConnection, serve } from "./kept.js";

/** Lines as they come. */
async function linesOf({ socket }: Place, path: string): Promise<AsyncIterator<string>> {
  const headers = { "wearout-protocol": "1" };
  const asked = request({ socketPath: socket, path, headers }).on("error", () => {});
  asked.end();
  const [response] = await once(asked, "response");
  return createInterface({ input: response })
    .on("error", () => {})
    [Symbol.asyncIterator]();
}

describe("a stream of a kept rig", () => {
  it("of pictures begins at once and goes on at the time that was asked for", async () => {
    const { place, keeper } = await serve();
    const found = await findKeeper([place], clock);
    const begun = clock.elapsed();
    const seen: number[] = [];
    for await (const picture of found!.watch(300)) {
      seen.push(picture.revision);
      keeper.change({ reason: "another" });
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([7, 8, 9]);
    expect(clock.elapsed() - begun).toBeGreaterThanOrEqual(500);
  });

  it("of news brings each once and in order, and ends with its last reader", async () => {
    const { place, keeper } = await serve();
    const lines = await linesOf(place, "/rig/news");
    const others = await linesOf(place, "/rig/news");
    while (keeper.followers === 0) await clock.sleep(5);
    for (let i = 0; i < 50; i++) keeper.change({ reason: `news ${i}` });
    for (let i = 0; i < 50; i++) {
      for (const reader of [lines, others]) {
        const { value } = await reader.next();
        expect(JSON.parse(value)).toMatchObject({ text: `news ${i}`, revision: 8 + i });
      }
    }
    expect(keeper.followers).toBe(1);
  });

  it("drops a reader that does not read, and nobody waits for it", async () => {
    const { place, keeper } = await serve();
    const sleeper = rawConnection(place);
    await once(sleeper, "connect");
    sleeper.write("GET /rig/news HTTP/1.1\r\nhost: rig\r\nwearout-protocol: 1\r\n\r\n");
    sleeper.pause();
    const lines = await linesOf(place, "/rig/news");
    while (keeper.followers === 0) await clock.sleep(5);
    const reason = "x".repeat(10_000);
    let read = 0;
    for (let i = 0; i < 400; i++) {
      keeper.change({ reason });
      await lines.next();
      read++;
    }
    expect(read).toBe(400);
    sleeper.resume();
    await once(sleeper, "close");
    expect((await ask(place, "GET", "/hello")).status).toBe(200);
  });

  it("is refused to one too many, and a command still finds its way", async () => {
    const { place } = await serve();
    for (let i = 0; i < mostStreams; i++) await linesOf(place, "/rig/watch?every=60s");
    const { status, text } = await ask(place, "GET", "/rig/news");
    expect([status, JSON.parse(text).code]).toEqual([503, "TOO_MANY"]);
    expect((await ask(place, "POST", "/run/hold")).status).toBe(200);
  });

  it("ends when the keeper ends", async () => {
    const { place, served } = await serve();
    const found = await findKeeper([place], clock);
    const pictures = found!.watch(60_000);
    expect((await pictures.next()).value?.rig).toBe("rig-a");
    await served.close();
    expect((await pictures.next()).done).toBe(true);
  });
});
