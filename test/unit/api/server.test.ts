import { once } from "node:events";
import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findKeeper } from "../../../src/api/client.js";
import { largestRequestBytes } from "../../../src/api/wire.js";
import { answerToBytes, ask, clock, rawConnection, serve } from "./kept.js";

describe("a served keeper", () => {
  it("says who keeps which rig to whoever asks", async () => {
    const { place } = await serve();
    const { status, text } = await ask(place, "GET", "/hello", { headers: {} });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ protocol: 1, rig: "rig-a", pid: process.pid });
  });

  it("answers a command with what came of it, and a refused one with the way out", async () => {
    const { place, keeper } = await serve();
    const hold = await ask(place, "POST", "/run/hold", {
      body: `{"args":{"reason":"noise"},"by":"jo"}`,
    });
    expect(hold.status).toBe(200);
    expect(JSON.parse(hold.text)).toMatchObject({
      requested: true,
      accepted: true,
      state: "Holding",
    });
    expect(keeper.asked[0]).toEqual({
      command: { verb: "run hold", args: { reason: "noise" } },
      from: { by: "jo", via: "socket" },
    });
    const resume = await ask(place, "POST", "/run/resume", { body: `{"sawRevision":8}` });
    expect(resume.status).toBe(409);
    const answer = JSON.parse(resume.text);
    expect(answer).toMatchObject({ accepted: false, refusal: "presence", revision: 8 });
    expect(answer.whatWouldMakeItPossible).toContain("token");
  });

  it("does not believe a client that calls itself the terminal", async () => {
    const { place, keeper } = await serve();
    await ask(place, "POST", "/run/hold", { body: `{"by":"jo","via":"terminal"}` });
    expect(keeper.asked[0]?.from.via).toBe("socket");
  });

  it("is there again a second after somebody has removed its socket, or the whole folder", async () => {
    const { place } = await serve();
    for (const gone of [place.socket, place.folder]) {
      rmSync(gone, { recursive: true });
      await expect.poll(() => findKeeper([place], clock), { timeout: 60_000 }).toBeDefined();
      expect((await ask(place, "GET", "/rig/status")).status).toBe(200);
    }
  });

  it("shows the rig and its alarms", async () => {
    const { place, keeper } = await serve();
    const status = await ask(place, "GET", "/rig/status");
    expect(JSON.parse(status.text)).toEqual(keeper.now);
    const alarms = await ask(place, "GET", "/alarm/list");
    expect(JSON.parse(alarms.text)).toEqual(keeper.now.alarms);
  });

  it("says in one line of JSON what is wrong with a request", async () => {
    const { place } = await serve();
    const wrong: [string, string, string, number, string][] = [
      ["GET", "/run/hold", "", 405, "BAD_METHOD"],
      ["GET", "/run/jump", "", 404, "NO_SUCH_VERB"],
      ["GET", "//", "", 404, "NO_SUCH_VERB"],
      ["POST", "/rig/status", "", 404, "NO_SUCH_VERB"],
      ["POST", "/run/stop", "{", 400, "BAD_REQUEST"],
      ["POST", "/run/stop", "[]", 400, "BAD_REQUEST"],
      ["POST", "/run/stop", `{"sawRevision":"x"}`, 400, "BAD_REQUEST"],
      ["POST", "/run/stop", "x".repeat(largestRequestBytes + 1), 413, "TOO_LARGE"],
      ["GET", "/rig/watch?every=1ms", "", 400, "BAD_REQUEST"],
      ["GET", "/rig/watch?every=soon", "", 400, "BAD_REQUEST"],
    ];
    for (const [method, path, body, status, code] of wrong) {
      const reply = await ask(place, method, path, { body });
      expect([reply.status, JSON.parse(reply.text).code], path).toEqual([status, code]);
      expect(reply.text.trimEnd()).not.toContain("\n");
    }
  });

  it("takes hold, abort and safe of any protocol and form, and nothing else of another protocol", async () => {
    const { place } = await serve();
    const older = { headers: { "wearout-protocol": "0" } };
    for (const path of ["/run/hold", "/run/abort", "/rig/safe"]) {
      for (const body of ["", "{", "stop it", `{"args":7}`, "x".repeat(largestRequestBytes + 1)]) {
        expect((await ask(place, "POST", path, { ...older, body })).status, path).toBe(200);
        expect((await ask(place, "POST", path, { headers: {}, body })).status, path).toBe(200);
      }
    }
    for (const [method, path] of [
      ["POST", "/run/stop"],
      ["GET", "/rig/status"],
    ] as const) {
      const reply = await ask(place, method, path, older);
      expect(reply.status).toBe(426);
      expect(JSON.parse(reply.text)).toEqual({
        code: "PROTOCOL_OTHER",
        text: "found protocol 0, expected 1 (wearout 0.1.0); hold, abort and safe need none",
      });
    }
  });

  it("does what takes energy away also for one who goes in the middle of asking", async () => {
    const { place, keeper } = await serve();
    const head = "POST /run/abort HTTP/1.1\r\nhost: rig\r\ncontent-length: 500\r\n\r\n{";
    const socket = rawConnection(place);
    await once(socket, "connect");
    socket.write(head, () => socket.destroy());
    while (keeper.asked.length === 0) await clock.sleep(5);
    expect(keeper.asked[0]?.command).toEqual({ verb: "run abort", args: {} });
  });

  it("does nothing for one who goes in the middle of asking for anything else", async () => {
    const { place, keeper } = await serve();
    const head = "POST /run/stop HTTP/1.1\r\nhost: rig\r\nwearout-protocol: 1\r\n";
    const socket = rawConnection(place);
    await once(socket, "connect");
    socket.write(`${head}content-length: 500\r\n\r\n{`, () => socket.destroy());
    await once(socket, "close");
    expect((await ask(place, "GET", "/hello")).status).toBe(200);
    expect(keeper.asked).toEqual([]);
  });

  it("answers bytes that are no HTTP with a line of JSON, and goes on", async () => {
    const { place } = await serve();
    for (const bytes of ["\0\0\0\0\0\r\n\r\n", "hold it!\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"]) {
      const text = await answerToBytes(place, bytes);
      expect(text).toMatch(/^HTTP\/1.1 400 /);
      expect(JSON.parse(text.split("\r\n\r\n")[1] ?? "").code).toBe("NO_HTTP");
    }
    expect((await ask(place, "GET", "/hello")).status).toBe(200);
  });

  it("cuts off who says nothing, or half of it, and stays", async () => {
    const { place } = await serve(undefined, { withinMs: 200 });
    const begun = clock.elapsed();
    const half = answerToBytes(place, "GET /hello HTTP/1.1\r\nhost:");
    const none = answerToBytes(place, "");
    expect(await half).toMatch(/^HTTP\/1.1 408 .*LATE/s);
    await none;
    expect(clock.elapsed() - begun, "time").toBeLessThan(5000);
  });

  it("serves a hundred clients at once, and the hold of one beside a hundred that say nothing", async () => {
    const { place, keeper } = await serve();
    const replies = Array.from({ length: 100 }, () => ask(place, "GET", "/rig/status"));
    for (const { status } of await Promise.all(replies)) expect(status).toBe(200);
    const idle = Array.from({ length: 100 }, () => rawConnection(place));
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    const found = await findKeeper([place], clock);
    expect((await found?.ask({ verb: "run hold", args: {} }))?.accepted).toBe(true);
    expect(keeper.now.state).toBe("Holding");
    for (const socket of idle) socket.destroy();
  });

  it("takes a hold beside more silent connections than it serves: those that were silent longest go", async () => {
    const { place, keeper } = await serve();
    const idle = Array.from({ length: 400 }, () => rawConnection(place));
    for (const socket of idle) socket.on("error", () => {});
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    const found = await findKeeper([place], clock);
    expect((await found?.ask({ verb: "run hold", args: {} }))?.accepted).toBe(true);
    expect(keeper.now.state).toBe("Holding");
    expect(idle.at(-1)?.destroyed).toBe(false);
    for (const socket of idle) socket.destroy();
  });

  it("answers a defect of the keeper as such and goes on", async () => {
    const { place, keeper } = await serve();
    const { ask: fine } = keeper;
    keeper.ask = () => Promise.reject(new Error("out of order"));
    const { status, text } = await ask(place, "POST", "/run/hold");
    expect([status, JSON.parse(text).code]).toEqual([500, "DEFECT"]);
    keeper.ask = fine;
    expect((await ask(place, "POST", "/run/hold")).status).toBe(200);
  });
});
