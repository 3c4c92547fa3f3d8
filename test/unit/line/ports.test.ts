import { describe, expect, it } from "vitest";
import { listPorts, type PortFacts } from "../../../src/line/ports.js";
import { ftdi, MadeUpMachine } from "./made-up-machine.js";

function only(machine: MadeUpMachine): PortFacts {
  const { ports } = listPorts(machine.open());
  expect(ports).toHaveLength(1);
  return ports[0] as PortFacts;
}

describe("the serial ports of a machine, from sysfs", () => {
  it("a USB adapter has its steady name, its texts, its driver and its latency timer", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi, "16");
    expect(only(machine)).toEqual({
      name: "/dev/serial/by-id/usb-0403_A50285BI-if00-port0",
      namedBy: "id",
      device: "/dev/ttyUSB0",
      driver: "ftdi_sio",
      usb: {
        vendorId: "0403",
        productId: "6001",
        maker: "FTDI",
        product: "FT232R USB UART",
        serial: "A50285BI",
      },
      latencyTimerMs: 16,
      isConsole: false,
      access: { usable: true, mode: "0660", gid: 20, group: "dialout", groupMayUse: true },
      holders: [],
    });
  });

  it("two adapters without serial numbers keep apart: each is named by its socket", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", { vendor: "1a86", product: "7523" });
    machine.usb("ttyUSB1", "1-2", { vendor: "1a86", product: "7523" });
    const { ports } = listPorts(machine.open());
    expect(ports.map(({ name, namedBy }) => [name, namedBy])).toEqual([
      ["/dev/serial/by-path/pci-0000:00:14.0-usb-0:1-1:1.0-port0", "path"],
      ["/dev/serial/by-path/pci-0000:00:14.0-usb-0:1-2:1.0-port0", "path"],
    ]);
    expect(ports[0]?.usb).toEqual({ vendorId: "1a86", productId: "7523" });
  });

  it("a UART on the board is named by its device and by the driver below its bus", () => {
    const machine = new MadeUpMachine();
    machine.uart("ttyS0", "4");
    machine.node("/dev/ttyS0");
    const port = only(machine);
    expect(port).toMatchObject({ name: "/dev/ttyS0", namedBy: "device", driver: "serial" });
    expect(port).not.toHaveProperty("usb");
    expect(port).not.toHaveProperty("latencyTimerMs");
  });

  it("stubs without a chip, consoles and pseudo-terminals are no ports", () => {
    const machine = new MadeUpMachine();
    machine.uart("ttyS1", "0");
    machine.node("/dev/ttyS1");
    machine.file("/sys/class/tty/ptmx/dev", "5:2");
    expect(listPorts(machine.open())).toEqual({ ports: [], unseenProcesses: 0 });
  });

  it("the kernel's console is said to be one", () => {
    const machine = new MadeUpMachine();
    machine.uart("ttyS0", "4");
    machine.file("/sys/class/tty/ttyS0/console", "Y\n");
    expect(only(machine).isConsole).toBe(true);
  });

  it("ports are counted as people count: 2 before 10", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB10", "1-1", { ...ftdi, serial: "a" });
    machine.usb("ttyUSB2", "1-2", { ...ftdi, serial: "b" });
    const devices = listPorts(machine.open()).ports.map(({ device }) => device);
    expect(devices).toEqual(["/dev/ttyUSB2", "/dev/ttyUSB10"]);
  });

  it("a machine without sysfs has no ports", () => {
    const machine = new MadeUpMachine().open();
    expect(listPorts({ ...machine, list: () => undefined }).ports).toEqual([]);
  });
});

describe("who may use a port", () => {
  it("a forbidden port says whose group it is and what the mode lets the group do", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi);
    machine.node("/dev/ttyUSB0", 77, 0o640);
    machine.forbidden.add("/dev/ttyUSB0");
    const access = { usable: false, mode: "0640", gid: 77, group: "77", groupMayUse: false };
    expect(only(machine).access).toEqual(access);
  });

  it("a port without a node in /dev has no access at all", () => {
    const machine = new MadeUpMachine();
    machine.uart("ttyS0", "4");
    expect(only(machine)).not.toHaveProperty("access");
  });
});

describe("who holds a port", () => {
  it("each process once, however often it has the port open", () => {
    const machine = new MadeUpMachine();
    machine.usb("ttyUSB0", "1-1", ftdi);
    machine.process(41, "minicom", ["/dev/null", "/dev/ttyUSB0", "/dev/ttyUSB0"]);
    machine.process(42, "node", ["/dev/ttyUSB0"]);
    machine.process(43, "sh", ["/dev/ttyUSB01", "socket:[77]"]);
    const { ports, unseenProcesses } = listPorts(machine.open());
    expect(ports[0]?.holders).toEqual([
      { pid: 41, command: "minicom" },
      { pid: 42, command: "node" },
    ]);
    expect(unseenProcesses).toBe(0);
  });

  it("processes that may not be looked into are counted, kernel threads are not", () => {
    const machine = new MadeUpMachine();
    machine.process(1, "init", undefined);
    machine.process(900, "mbusd", undefined);
    machine.file("/proc/2/cmdline", "");
    machine.file("/proc/2/comm", "kthreadd");
    expect(listPorts(machine.open()).unseenProcesses).toBe(2);
  });
});
