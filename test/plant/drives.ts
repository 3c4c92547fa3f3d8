/** Three drives, from their manuals: what their words do to a shaft. */
import type { UnitState } from "./config.js";
import type { Shaft } from "./shaft.js";
import { Unit } from "./unit.js";

/** What a drive is doing: pulling to a speed, braking to rest and then letting go, or nothing. */
type Pull = "off" | "pull" | "brake";

export abstract class Drive extends Unit {
  protected pull: Pull = "off";
  protected fault = false;
  protected readonly shaft: Shaft;
  protected readonly fullRpm: number;

  constructor(name: string, shaft: Shaft, fullRpm: number) {
    super(name);
    this.shaft = shaft;
    this.fullRpm = fullRpm;
  }

  /** Speed that its words ask for. */
  protected abstract asked(): number;

  /** In LOCAL the panel's speed is the one it had. */
  #panelRpm: number | undefined;

  protected override takeLocal(isLocal: boolean): void {
    this.#panelRpm = isLocal ? this.asked() : undefined;
    if (!isLocal) this.backFromLocal();
  }

  /** Words that stand as levels act again when the panel gives the command back. */
  protected backFromLocal(): void {}

  override tick(seconds: number): void {
    if (this.pull === "brake" && this.shaft.rpm === 0) this.pull = "off";
    const speed = this.#panelRpm ?? this.asked();
    this.shaft.target = this.pull === "off" ? undefined : this.pull === "brake" ? 0 : speed;
    this.shaft.tick(seconds);
  }

  override fail(): void {
    this.fault = true;
    this.pull = "off";
  }

  override cure(): void {
    this.fault = false;
  }

  override state(): UnitState {
    const { name, expired, fault } = this;
    const output = this.shaft.target ?? 0;
    // What brakes the last percent takes energy out and puts none in.
    const isAtRest = this.pull === "brake" && Math.abs(this.shaft.rpm) <= 0.01 * this.fullRpm;
    const energised = this.pull !== "off" && !isAtRest;
    return { name, energised, fault, expired, output };
  }
}

/** The MD dialect: 2000H commands, 3000H state (1 forward, 2 reverse, 3 stopped, 4 fault). */
export class MdDrive extends Drive {
  #reverse = false;

  constructor(name: string, shaft: Shaft, fullRpm: number) {
    super(name, shaft, fullRpm);
    const plain = [0x1000, 0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007];
    for (const address of [...plain, 0x1015, 0x1016, 0x2000, 0x3000, 0x8000]) {
      this.words.set(address, 0);
      if (address !== 0x1000 && address !== 0x2000) this.readOnly.add(address);
    }
    this.words.set(0x1002, 5400).set(0xf002, 2).set(0xf003, 9).set(0xfd00, 5).set(0xfd04, 20);
    this.writeOnly.add(0x2000);
    this.identity.push(0x3000);
  }

  protected asked(): number {
    const share = signed(this.words.get(0x1000)!) / 10_000;
    return (this.#reverse ? -share : share) * this.fullRpm;
  }

  protected obey(address: number, value: number): undefined {
    if (address !== 0x2000) return;
    if (value === 7) this.fault = false;
    else if (value === 5) this.pull = "off";
    else if (value === 6) this.pull = this.pull === "off" ? "off" : "brake";
    else if (value >= 1 && value <= 4 && !this.fault) {
      this.#reverse = value === 2 || value === 4;
      this.pull = "pull";
    }
  }

  protected show(): void {
    const state = this.fault ? 4 : this.pull === "off" ? 3 : this.#reverse ? 2 : 1;
    const rpm = Math.round(Math.abs(this.shaft.rpm));
    this.words.set(0x3000, state).set(0x8000, this.fault ? 0x10 : 0);
    this.words.set(0x1001, this.pull === "off" ? 0 : Math.round((rpm / this.fullRpm) * 5000));
    this.words.set(0x1007, rpm);
  }
}

/** P0-01, P0-09, P0-10, P0-46: what the drive tells. */
const asdaMonitors = [0x0002, 0x0012, 0x0014, 0x005c];
const asdaParameters = [
  ...asdaMonitors,
  ...[0x0022, 0x0024, 0x0040, 0x0100, 0x0110, 0x0112, 0x0114, 0x0116, 0x0120, 0x0148],
  ...[0x0214, 0x0216, 0x0218, 0x023c, 0x0302, 0x0304, 0x040e],
];

/** ASDA-A2 in speed mode Sz: 32-bit parameters, low word first; P4-07 gives the inputs, P1-09 the speed. */
export class AsdaDrive extends Drive {
  constructor(name: string, shaft: Shaft, fullRpm: number, node: number) {
    super(name, shaft, fullRpm);
    for (const address of asdaParameters) this.#set32(address, 0);
    this.#set32(0x0102, 4);
    this.#set32(0x0300, node);
    this.#set32(0x0306, 1);
    this.#set32(0x0308, 2);
    this.#set32(0x030c, 0x1fff);
    for (const address of asdaMonitors) this.readOnly.add(address).add(address + 1);
    this.identity.push(0x0300);
  }

  /** Terminals are open: what software does not give is off. */
  #inputs(): number {
    return this.words.get(0x040e)! & this.words.get(0x030c)!;
  }

  protected asked(): number {
    const low = this.words.get(0x0112)!;
    const tenths = low | (this.words.get(0x0113)! << 16) | 0;
    return (this.#inputs() & 0x04) === 0 ? 0 : tenths / 10;
  }

  protected obey(address: number, value: number): undefined {
    if (address === 0x040e || address === 0x030c) {
      if (address === 0x040e && (value & 0x10) !== 0) this.fault = false;
      this.words.set(address, value);
      this.#switch();
    }
  }

  #switch(): void {
    this.pull = (this.#inputs() & 1) === 1 && !this.fault ? "pull" : "off";
  }

  protected override backFromLocal(): void {
    this.#switch();
  }

  protected show(): void {
    const { rpm } = this.shaft;
    const isOn = this.pull === "pull";
    const bits = [!this.fault, isOn, Math.abs(rpm) < 10, isOn && Math.abs(rpm - this.asked()) < 10];
    const status = bits.reduce((word, bit, i) => word | (bit ? 1 << i : 0), 0);
    this.words.set(0x005c, this.fault ? (status & ~1) | 0x40 : status);
    this.words.set(0x0002, this.fault ? 0x20 : 0);
    this.#set32(0x0012, Math.round(rpm * 10));
    this.#set32(0x0014, isOn ? 100 : 0);
  }

  #set32(address: number, value: number): void {
    this.words.set(address, value & 0xffff).set(address + 1, (value >>> 16) & 0xffff);
  }
}

/** ACS580 with the ABB Drives profile: bits of the control word, 20000 is full speed. */
export class AcsDrive extends Drive {
  /** After a stop, a fault or power-up OFF1 must have been 0 before it runs. */
  #mayRun = false;

  constructor(name: string, shaft: Shaft, fullRpm: number) {
    super(name, shaft, fullRpm);
    for (let address = 0; address <= 12; address++) this.words.set(address, 0);
    for (let i = 0; i < 12; i++) this.words.set(5900 + i, i < 6 ? i + 1 : 0);
    this.words.set(5813, 4).set(5814, 2).set(5815, 20);
    for (const address of [3, 4, 5]) this.readOnly.add(address);
    this.identity.push(5814);
  }

  protected asked(): number {
    return (signed(this.words.get(1)!) / 20_000) * this.fullRpm;
  }

  protected obey(address: number, value: number): undefined {
    // Without the remote bit the word is not for the drive.
    if (address !== 0 || (value & 0x400) === 0) return;
    const wasReset = ((this.words.get(0) ?? 0) & 0x80) !== 0;
    if ((value & 0x80) !== 0 && !wasReset && this.fault) {
      this.fault = false;
      this.#mayRun = false;
    }
    this.#follow(value);
  }

  #follow(word: number): void {
    const [off1, off2, off3, operate] = [1, 2, 4, 8].map((bit) => (word & bit) !== 0);
    if (this.fault) return;
    if (off1 !== true) this.#mayRun = true;
    if (off2 !== true || operate !== true) this.pull = "off";
    else if (off1 !== true || off3 !== true) this.pull = this.pull === "off" ? "off" : "brake";
    else if (this.#mayRun && (word & 0x70) === 0x70) this.pull = "pull";
  }

  override fail(): void {
    super.fail();
    this.#mayRun = false;
  }

  protected override backFromLocal(): void {
    this.#follow(this.words.get(0)!);
  }

  protected show(): void {
    const isOn = this.pull === "pull";
    const { rpm } = this.shaft;
    const word = this.words.get(0)!;
    const isAt = isOn && Math.abs(rpm - this.asked()) < 10;
    const bits: [boolean, number][] = [
      [!this.fault, 0],
      ...([1, 2].map((bit) => [isOn, bit]) as [boolean, number][]),
      [this.fault, 3],
      [(word & 2) !== 0, 4],
      [(word & 4) !== 0, 5],
      [!this.#mayRun, 6],
      [isAt, 8],
      [this.mode.local !== true, 9],
      [true, 12],
    ];
    this.words.set(
      3,
      bits.reduce((sum, [is, bit]) => sum | (is ? 1 << bit : 0), 0),
    );
    this.words.set(4, Math.round((rpm / this.fullRpm) * 20_000) & 0xffff);
  }
}

export function signed(word: number): number {
  return word > 0x7fff ? word - 0x10000 : word;
}
