/** The shipped types that are tried at every step of their way to the safe state, and what is known of each. */
import type { Stamp } from "../../plant/config.js";
import type { Wishes } from "../../plant/site.js";
import { unitOf, workingRig } from "./exhaustive-rig.js";

export type Subject = {
  name: string;
  wishes: Wishes;
  role: string;
  /** Registers whose words command the device: what another hand puts back. */
  commands: number[];
  /** The write that takes the energy away. */
  removes: (stamp: Stamp) => boolean;
  /** Silences for its watchdog, which is read back as armed: 1.2 times its time and half a second. */
  silenceMs?: number;
  /** It says when the panel has the command, and is then only looked at, this often. */
  localMs?: number;
  /** An output has no panel. */
  hasNoPanel?: true;
};

const silenceMs = 1.2 * 2000 + 500;
const asda = { role: "speed", commands: [0x040e], silenceMs };
const isWrite = (address: number, ok: (value: number) => boolean) => (stamp: Stamp) =>
  stamp.values.length > 0 && stamp.address === address && ok(stamp.values[0]!);

export const subjects: Subject[] = [
  {
    name: "inovance/md-dialect",
    wishes: { drive: "md" },
    role: "speed",
    commands: [0x2000],
    removes: isWrite(0x2000, (value) => value === 5 || value === 6),
  },
  {
    name: "invt/che100",
    wishes: { drive: "che100" },
    role: "speed",
    commands: [0x1000],
    removes: isWrite(0x1000, (value) => value === 5 || value === 6),
  },
  {
    name: "delta/asda-a2",
    wishes: { drive: "asda" },
    ...asda,
    removes: isWrite(0x040e, (value) => (value & 1) === 0),
  },
  {
    name: "delta/asda-b3",
    wishes: { drive: "asda-b3" },
    ...asda,
    removes: isWrite(0x040e, (value) => (value & 1) === 0),
  },
  {
    name: "abb/acs580",
    wishes: { drive: "acs580" },
    role: "speed",
    commands: [0],
    removes: isWrite(0, (value) => (value & 1) === 0),
    silenceMs,
    localMs: 10_000,
  },
  {
    name: "advantech/adam-4024",
    wishes: {},
    role: "load",
    commands: [0],
    hasNoPanel: true,
    removes: isWrite(0, (value) => value === 0),
  },
  {
    name: "advantech/adam-4150",
    wishes: { pump: true },
    role: "pump",
    commands: [16],
    hasNoPanel: true,
    removes: isWrite(16, (value) => value === 0),
  },
  {
    name: "omron/e5cc",
    wishes: { heater: "e5cc" },
    role: "oil",
    commands: [0],
    removes: isWrite(0, (value) => value === 0x0101),
  },
  {
    name: "pixsys/drr245",
    wishes: { heater: "drr245" },
    role: "oil",
    commands: [1016],
    // Its own time is five seconds.
    silenceMs: 1.2 * 5000 + 500,
    removes: isWrite(1016, (value) => value === 0),
  },
];

/** A servo that brakes is only looked at, again and again: every look is the same. */
const mostSteps = 9;

/** Requests of the sequence when everything is right, as far as they differ. */
export async function stepsOf({ wishes, role }: Subject): Promise<number> {
  const { plant, rig } = await workingRig(wishes);
  const before = plant.stamps.length;
  await rig.safe("a test");
  await rig.whenActed();
  await rig.close();
  const own = plant.stamps.slice(before).filter(({ name }) => name === unitOf(role));
  return Math.min(own.length, mostSteps);
}
