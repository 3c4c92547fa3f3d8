import { describe, expect, it } from "vitest";
import { ftdi, MadeUpMachine } from "../unit/line/made-up-machine.js";
import { wearout } from "./command.js";
import { wearoutOn } from "./made-up-host.js";

describe("wearout line list", () => {
  it("shows every port in a line, the hints beside it on stderr", async () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "16");
    machine.forbidden.add("/dev/ttyUSB0");
    machine.process(41, "minicom", ["/dev/ttyUSB0"]);
    machine.process(1, "init", undefined);
    const { status, out, talk } = await wearoutOn(machine, "line", "list");
    expect(status).toBe(0);
    const [head, row, ...more] = out.trimEnd().split("\n");
    expect(head).toMatch(/^port +device +adapter +driver +latency +access +held by$/);
    expect(row?.split(/ {2,}/)).toEqual([
      "/dev/serial/by-id/usb-0403_A50285BI-if00-port0",
      "/dev/ttyUSB0",
      "FTDI FT232R USB UART 0403:6001 A50285BI",
      "ftdi_sio",
      "16 ms",
      "no, dialout 0660",
      "minicom (41)",
    ]);
    expect(more).toEqual([]);
    expect(talk).toContain("/dev/ttyUSB0: 16 ms latency costs most of a fast line: set 1");
    expect(talk).toContain("/dev/ttyUSB0: this user may not read and write it");
    expect(talk).toContain("processes of other users, not looked into: 1");
  });

  it("has nothing to say about a port that is as it should be", async () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "1");
    const { status, out, talk } = await wearoutOn(machine, "line", "list");
    expect({ status, talk }).toEqual({ status: 0, talk: "" });
    expect(out).toContain("yes, dialout 0660");
  });

  it("says of an adapter without a serial number that its name follows the socket", async () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", { vendor: "1a86", product: "7523" });
    const { out, talk } = await wearoutOn(machine, "line", "list");
    expect(out).toContain("1a86:7523 (no serial number)");
    expect(talk).toContain("/dev/ttyUSB0: its name follows the USB socket");
  });

  it("as JSON gives the same ports and nothing on stderr", async () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "16");
    const { status, out, talk } = await wearoutOn(machine, "line", "list", "--json");
    expect({ status, talk }).toEqual({ status: 0, talk: "" });
    const { ports } = JSON.parse(out) as { ports: object[] };
    expect(ports).toHaveLength(1);
    expect(ports[0]).toMatchObject({ device: "/dev/ttyUSB0", latencyTimerMs: 16, holders: [] });
  });

  it("without any port says what to look for and ends with 0", async () => {
    const { status, out, talk } = await wearoutOn(new MadeUpMachine(), "line", "list");
    expect({ status, out }).toEqual({ status: 0, out: "" });
    expect(talk).toMatch(/^no serial ports found: plug the adapter in/);
  });

  it("works on this machine, whatever it has", async () => {
    const { status, out } = await wearout("line", "list", "--json");
    expect(status).toBe(0);
    const { ports } = JSON.parse(out) as { ports: { device: string; name: string }[] };
    for (const port of ports) expect(port.device).toMatch(/^\/dev\/tty/);
  });
});
