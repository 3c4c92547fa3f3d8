import { basename, dirname, join } from "node:path";
import { findHolders, type Holder } from "./holders.js";
import type { Machine } from "./machine.js";

export type UsbAdapter = {
  /** Four hexadecimal digits each, as `0403` and `6001`. */
  vendorId: string;
  productId: string;
  maker?: string;
  product?: string;
  /** Cheap adapters have none: two of them cannot be told apart but by their socket. */
  serial?: string;
};

export type PortAccess = {
  /** May this user read and write the port? */
  usable: boolean;
  /** Permission bits as `ls` and `chmod` count them, as `0660`. */
  mode: string;
  gid: number;
  /** Name of the owning group, its number where it has no name. */
  group: string;
  /** Does the mode let the group read and write? */
  groupMayUse: boolean;
};

export type PortFacts = {
  /** What to write in a rig file: the steadiest name the port has. */
  name: string;
  /** `id` follows the adapter, `path` its USB socket; `device` may change with every start. */
  namedBy: "id" | "path" | "device";
  device: string;
  driver?: string;
  usb?: UsbAdapter;
  /** How long the adapter waits for more bytes before it hands on a short packet (FTDI). */
  latencyTimerMs?: number;
  /** The kernel writes its messages here. */
  isConsole: boolean;
  /** Undefined when sysfs has the port but `/dev` has no node for it, as in a container. */
  access?: PortAccess;
  holders: readonly Holder[];
};

export type PortList = {
  ports: PortFacts[];
  /** Processes of other users whose open files this user may not see: holders may be missing. */
  unseenProcesses: number;
};

/** Every serial port with hardware behind it, from sysfs; opens none of them. */
export function listPorts(machine: Machine): PortList {
  const names = (machine.list("/sys/class/tty") ?? []).filter((name) => isPort(machine, name));
  names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const { of, unseenProcesses } = findHolders(machine, names.map(deviceOf));
  const links = {
    id: linksIn(machine, "/dev/serial/by-id"),
    path: linksIn(machine, "/dev/serial/by-path"),
  };
  const ports = names.map((name) => ({
    ...hardware(machine, name, links),
    holders: of.get(deviceOf(name)) ?? [],
  }));
  return { ports, unseenProcesses };
}

function deviceOf(name: string): string {
  return `/dev/${name}`;
}

/** Consoles and pseudo-terminals have no device; a UART that was reserved but not found has type 0. */
function isPort(machine: Machine, name: string): boolean {
  const folder = `/sys/class/tty/${name}`;
  return machine.real(`${folder}/device`) !== undefined && machine.text(`${folder}/type`) !== "0";
}

type Links = ReadonlyMap<string, string>;

/** Device to its first link in a folder; a USB port has several by path. */
function linksIn(machine: Machine, folder: string): Links {
  const links = new Map<string, string>();
  for (const name of (machine.list(folder) ?? []).sort()) {
    const device = machine.real(join(folder, name));
    if (device !== undefined && !links.has(device)) links.set(device, join(folder, name));
  }
  return links;
}

function hardware(
  machine: Machine,
  tty: string,
  links: { id: Links; path: Links },
): Omit<PortFacts, "holders"> {
  const device = deviceOf(tty);
  const folder = `/sys/class/tty/${tty}`;
  const chain = ancestors(machine.real(`${folder}/device`) ?? "/");
  const usb = usbOf(machine, chain);
  const driver = driverOf(machine, chain);
  const latency = machine.text(`${folder}/device/latency_timer`) ?? "";
  const access = accessOf(machine, device);
  return {
    ...nameOf(device, usb, links),
    device,
    ...(driver === undefined ? {} : { driver }),
    ...(usb === undefined ? {} : { usb }),
    ...(/^\d+$/.test(latency) ? { latencyTimerMs: Number(latency) } : {}),
    isConsole: machine.text(`${folder}/console`) === "Y",
    ...(access === undefined ? {} : { access }),
  };
}

/** Two adapters without a serial number share one name by id; it leads to whichever came last. */
function nameOf(
  device: string,
  usb: UsbAdapter | undefined,
  links: { id: Links; path: Links },
): Pick<PortFacts, "name" | "namedBy"> {
  const [id, path] = [links.id.get(device), links.path.get(device)];
  if (id !== undefined && (usb?.serial !== undefined || path === undefined)) {
    return { name: id, namedBy: "id" };
  }
  return path === undefined ? { name: device, namedBy: "device" } : { name: path, namedBy: "path" };
}

/** The folder and those above it, up to the root of all devices. */
function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder || basename(folder) === "devices" ? [] : [folder, ...ancestors(above)];
}

/** Since Linux 6.5 a UART has two devices of the bus `serial-base` below the one its driver holds. */
function driverOf(machine: Machine, chain: readonly string[]): string | undefined {
  const bus = (folder: string) => basename(machine.link(join(folder, "subsystem")) ?? "");
  const holder = chain.find((folder) => bus(folder) !== "serial-base") ?? "/";
  const driver = machine.link(join(holder, "driver"));
  return driver === undefined ? undefined : basename(driver);
}

function usbOf(machine: Machine, chain: readonly string[]): UsbAdapter | undefined {
  const folder = chain.find((f) => machine.text(join(f, "idVendor")) !== undefined);
  if (folder === undefined) return undefined;
  const text = (file: string) => machine.text(join(folder, file)) || undefined;
  const [maker, product, serial] = [text("manufacturer"), text("product"), text("serial")];
  return {
    vendorId: text("idVendor") ?? "",
    productId: text("idProduct") ?? "",
    ...(maker === undefined ? {} : { maker }),
    ...(product === undefined ? {} : { product }),
    ...(serial === undefined ? {} : { serial }),
  };
}

function accessOf(machine: Machine, device: string): PortAccess | undefined {
  const node = machine.stat(device);
  if (node === undefined) return undefined;
  const { gid, mode } = node;
  return {
    usable: machine.mayUse(device),
    mode: (mode & 0o7777).toString(8).padStart(4, "0"),
    gid,
    group: groupOf(machine, gid)?.name ?? String(gid),
    groupMayUse: (mode & 0o060) === 0o060,
  };
}

/** From `/etc/group` (group(5)); undefined where the group is known elsewhere only. */
export function groupOf(
  machine: Machine,
  gid: number,
): { name: string; members: string[] } | undefined {
  const lines = (machine.text("/etc/group") ?? "").split("\n").map((line) => line.split(":"));
  const found = lines.find((fields) => fields[2] === String(gid));
  if (found === undefined) return undefined;
  return { name: found[0] ?? "", members: (found[3] ?? "").split(",").filter((m) => m !== "") };
}
