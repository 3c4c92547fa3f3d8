/** A folder that stands for a machine: what sysfs, /dev and /proc would say there. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Machine, openMachine } from "../../../src/line/machine.js";
import { newFolder } from "../../folders.js";

type Adapter = { vendor: string; product: string; serial?: string; text?: [string, string] };

export const ftdi: Adapter = {
  vendor: "0403",
  product: "6001",
  serial: "A50285BI",
  text: ["FTDI", "FT232R USB UART"],
};

export class MadeUpMachine {
  readonly root = newFolder("machine");
  /** Owner and mode of device nodes: a test cannot give files away. */
  readonly nodes = new Map<string, { gid: number; mode: number }>();
  readonly forbidden = new Set<string>();
  gids: number[] = [1000];

  constructor() {
    this.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\njo:x:1000:1000::/home/jo:/bin/sh\n");
    this.file("/etc/group", "root:x:0:\ndialout:x:20:\njo:x:1000:\n");
    this.file("/sys/class/tty/tty0/dev", "4:0");
  }

  file(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  /** A link as it stands, to wherever it says. */
  link(path: string, says: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(says, join(this.root, path));
  }

  /** A link to another place of this machine, as sysfs and udev make them. */
  linkTo(path: string, target: string): void {
    this.link(path, relative(dirname(path), target));
  }

  /** A node in /dev that group `gid` may use. */
  node(device: string, gid = 20, mode = 0o660): void {
    this.file(device, "");
    this.nodes.set(device, { gid, mode: 0o020000 | mode });
  }

  /** A USB serial adapter in a socket, with the names udev gives it. */
  usb(tty: string, socket: string, adapter: Adapter, latencyTimer?: string): void {
    const usb = `/sys/devices/pci0000:00/0000:00:14.0/usb1/${socket}`;
    this.file(`${usb}/idVendor`, `${adapter.vendor}\n`);
    this.file(`${usb}/idProduct`, `${adapter.product}\n`);
    if (adapter.serial !== undefined) this.file(`${usb}/serial`, `${adapter.serial}\n`);
    if (adapter.text !== undefined) {
      this.file(`${usb}/manufacturer`, `${adapter.text[0]}\n`);
      this.file(`${usb}/product`, `${adapter.text[1]}\n`);
    }
    const port = `${usb}/${socket}:1.0/${tty}`;
    this.linkTo(`${port}/driver`, "/sys/bus/usb-serial/drivers/ftdi_sio");
    this.linkTo(`${port}/subsystem`, "/sys/bus/usb-serial");
    if (latencyTimer !== undefined) this.file(`${port}/latency_timer`, `${latencyTimer}\n`);
    this.tty(tty, port);
    this.node(`/dev/${tty}`);
    const name = `usb-${adapter.vendor}_${adapter.serial ?? "USB_Serial"}-if00-port0`;
    rmSync(join(this.root, `/dev/serial/by-id/${name}`), { force: true });
    this.linkTo(`/dev/serial/by-id/${name}`, `/dev/${tty}`);
    this.linkTo(`/dev/serial/by-path/pci-0000:00:14.0-usb-0:${socket}:1.0-port0`, `/dev/${tty}`);
  }

  /** A UART as Linux 6.5 and later shows it; type 0 is one that was reserved but not found. */
  uart(tty: string, type: string): void {
    const chip = `/sys/devices/pnp0/${tty}`;
    const port = `${chip}/${tty}:0/${tty}:0.0`;
    this.linkTo(`${chip}/driver`, "/sys/bus/pnp/drivers/serial");
    this.linkTo(`${chip}/${tty}:0/driver`, "/sys/bus/serial-base/drivers/ctrl");
    this.linkTo(`${port}/driver`, "/sys/bus/serial-base/drivers/port");
    for (const folder of [port, dirname(port)]) {
      this.linkTo(`${folder}/subsystem`, "/sys/bus/serial-base");
    }
    this.tty(tty, port);
    this.file(`${port}/tty/${tty}/type`, `${type}\n`);
  }

  /** A process and what it has open; undefined where another user's cannot be seen. */
  process(pid: number, command: string, files: readonly string[] | undefined): void {
    this.file(`/proc/${pid}/comm`, `${command}\n`);
    this.file(`/proc/${pid}/cmdline`, `${command}\0-x`);
    files?.forEach((file, fd) => {
      this.link(`/proc/${pid}/fd/${fd}`, file);
    });
  }

  open(): Machine {
    const machine = openMachine(this.root);
    return {
      ...machine,
      stat: (path) => {
        const found = machine.stat(path);
        return found === undefined ? undefined : { ...found, ...this.nodes.get(path) };
      },
      mayUse: (path) => !this.forbidden.has(path) && machine.mayUse(path),
      user: { uid: 1000, gids: this.gids },
    };
  }

  private tty(tty: string, port: string): void {
    this.linkTo(`${port}/tty/${tty}/device`, port);
    this.linkTo(`/sys/class/tty/${tty}`, `${port}/tty/${tty}`);
  }
}
