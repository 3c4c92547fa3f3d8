import type { Command } from "commander";
import { listPorts, type PortAccess, type PortFacts, type UsbAdapter } from "../../line/ports.js";
import { json, table } from "../output.js";
import type { Shell } from "../shell.js";

export function addLineList(line: Command, shell: Shell): void {
  line
    .command("list")
    .description("serial ports: steady name, adapter, driver, latency, access, who holds them")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      `
Reads what the kernel says and opens no port, so a running rig is not disturbed.

Examples:
  wearout line list
  wearout line list --json | jq -r '.ports[].name'`,
    )
    .action(shell.action((options: { json?: boolean }) => list(shell, options)));
}

/** What to do where no port is found. */
export const noPorts =
  "no serial ports found: plug the adapter in and look at `dmesg | tail`; " +
  "a container sees only ports it was given, as with --device /dev/ttyUSB0";

function list({ out, host }: Shell, options: { json?: boolean }): number {
  const { ports, unseenProcesses } = listPorts(host);
  if (options.json === true) {
    out.print(json({ ports, unseenProcesses }));
    return 0;
  }
  if (ports.length === 0) {
    out.talk(noPorts);
    return 0;
  }
  out.print(table(["port", "device", "adapter", "driver", "latency", "access", "held by"], rows()));
  for (const hint of ports.flatMap(hints)) out.talk(hint);
  if (unseenProcesses > 0) {
    out.talk(`processes of other users, not looked into: ${unseenProcesses} (as root all are)`);
  }
  return 0;

  function rows(): string[][] {
    return ports.map((p) => [
      p.name,
      p.device,
      adapterText(p.usb),
      p.driver ?? "",
      p.latencyTimerMs === undefined ? "" : `${p.latencyTimerMs} ms`,
      accessText(p.access),
      heldText(p),
    ]);
  }
}

function adapterText(usb: UsbAdapter | undefined): string {
  if (usb === undefined) return "not USB";
  const { maker, product, vendorId, productId, serial } = usb;
  const words = [maker, product, `${vendorId}:${productId}`, serial ?? "(no serial number)"];
  return words.filter((word) => word !== undefined).join(" ");
}

function accessText(access: PortAccess | undefined): string {
  if (access === undefined) return "no device node";
  return `${access.usable ? "yes" : "no"}, ${access.group} ${access.mode}`;
}

function heldText({ holders, isConsole }: PortFacts): string {
  const processes = holders.map(({ pid, command }) => `${command} (${pid})`);
  return [...(isConsole ? ["the kernel's console"] : []), ...processes].join(", ");
}

function hints(port: PortFacts): string[] {
  const { device, namedBy, usb, latencyTimerMs = 0, access, isConsole } = port;
  const said: string[] = [];
  if (latencyTimerMs > 1) {
    said.push(`${latencyTimerMs} ms latency costs most of a fast line: set 1 (wearout doctor)`);
  }
  if (access !== undefined && !access.usable && !isConsole) {
    said.push("this user may not read and write it (wearout doctor says what helps)");
  }
  if (usb !== undefined && namedBy === "path") {
    said.push("its name follows the USB socket, keep it plugged in there");
  }
  if (usb !== undefined && namedBy === "device") {
    said.push("no steady name, another may get this one at the next start (is udev running?)");
  }
  return said.map((text) => `${device}: ${text}`);
}
