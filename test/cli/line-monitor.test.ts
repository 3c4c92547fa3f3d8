import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RealClock } from "../../src/base/clock.js";
import { openClaimedLine } from "../../src/line/open.js";
import { serveTcp, type TcpServer } from "../../src/sim/tcp-server.js";
import { exampleDevice } from "../unit/sim/example-type.js";
import { wearout } from "./command.js";

const clock = new RealClock();
let server: TcpServer;
let at: string[];

beforeEach(async () => {
  server = await serveTcp(new Map([[5, exampleDevice(5)]]), { host: "127.0.0.1", port: 0 }, clock);
  at = ["--tcp", `127.0.0.1:${server.port}`, "--unit", "5"];
});

afterEach(() => server.close());

const type = ["--type", "eastron/sdm630"];

describe("line monitor", () => {
  it("reads a device of which nobody holds the line, and shows counters and frames", async () => {
    const said = await wearout(
      "line",
      "monitor",
      ...at,
      ...type,
      "--for",
      "100 ms",
      "--every",
      "50 ms",
    );
    expect(said.status).toBe(0);
    expect(said.out).toMatch(/^line 127\.0\.0\.1:\d+, read by this monitor$/m);
    expect(said.out).toMatch(/utilisation \d+ %/);
    expect(said.out).toMatch(/^ {2}5 +\d+/m);
    expect(said.out).toMatch(/-> unit 5 {2}read input \d+ \d+ +00 [0-9a-f]{2} 00 00 00 06 05 04/);
  });

  it("prints every frame with time, verdict and bytes", async () => {
    const said = await wearout("line", "monitor", ...at, ...type, "--frames", "--for", "60 ms");
    expect(said.out).toMatch(
      /^ +\d+\.\d{3} s -> unit 5 {2}read input 0 \d+ +00 [0-9a-f]{2} 00 00 00 06 05 04/m,
    );
    expect(said.out).toMatch(/^ +\d+\.\d{3} s <- unit 5 {2}(ok|exception)/m);
  });

  it("only looks where a rig works, and a write or a scan there is refused", async () => {
    const spec = { tcp: at[1]! };
    const line = await openClaimedLine("drives", spec, clock, "rig four");
    try {
      const timing = { turnaroundMs: 500, silenceMs: 0 };
      const request = { kind: "read", table: "holding", address: 100, count: 2 } as const;
      await line.exchange(5, request, timing, "fast");
      const requests = server.requests;
      const seen = await wearout("line", "monitor", ...at, ...type, "--json", "--for", "20 ms");
      const [first] = seen.out.split("\n");
      expect(JSON.parse(first!)).toMatchObject({
        ...{ line: "drives", holder: `rig four, process ${process.pid}` },
        statistics: { exchanges: 1, ok: 1, units: { 5: { ok: 1 } } },
      });
      const write = await wearout("line", "write", ...at, "holding", "100", "1", "--yes");
      expect([write.status, write.talk]).toEqual([
        4,
        expect.stringMatching(/is held by rig four, process \d+; end that run first/),
      ]);
      const scan = await wearout("line", "scan", "--tcp", at[1]!, "--unit", "5");
      expect([scan.status, scan.talk]).toEqual([4, expect.stringContaining("held by rig four")]);
      expect(server.requests).toBe(requests);
    } finally {
      await line.close();
    }
    expect((await wearout("line", "write", ...at, "holding", "107", "1", "--yes")).status).not.toBe(
      5,
    );
  });

  it("says what is missing or wrong before anything is opened", async () => {
    const said = await wearout("line", "monitor");
    expect([said.status, said.talk]).toEqual([
      2,
      expect.stringContaining("a rig, or an address and"),
    ]);
    const wrong = await wearout("line", "monitor", ...at, ...type, "--every", "2 rpm");
    expect([wrong.status, wrong.talk]).toEqual([
      2,
      expect.stringContaining('--every: found "2 rpm"'),
    ]);
  });
});
