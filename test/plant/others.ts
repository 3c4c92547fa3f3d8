/** What is not a drive: an analogue output, a temperature controller, a torque transducer. */
import type { UnitState } from "./config.js";
import type { Shaft } from "./shaft.js";
import { Unit } from "./unit.js";

/** ADAM-4024, four outputs of 4 to 20 mA over 0 to 4095; whatever hangs on them follows at once. */
export class AdamOutput extends Unit {
  constructor(name: string) {
    super(name);
    for (let channel = 0; channel < 4; channel++) {
      this.words.set(channel, 0).set(200 + channel, 0x31);
      this.bits.set(channel, 0);
    }
    this.words.set(210, 0x4024).set(211, 0).set(212, 0).set(213, 0);
    this.words.set(214, 1).set(215, 0).set(220, 0xff);
    for (const address of [210, 211, 212, 213, 215]) this.readOnly.add(address);
    this.identity.push(210);
  }

  protected obey(): undefined {}
  protected show(): void {}
  tick(): void {}

  /** The host watchdog puts the outputs to their safe values and leaves its flag. */
  fail(): void {
    for (let channel = 0; channel < 4; channel++) this.words.set(channel, 0);
    this.words.set(215, 1);
  }

  cure(): void {
    this.words.set(215, 0);
  }

  /** On a panel of its own the output keeps what it had: LOCAL writes change the register only. */
  #kept: number | undefined;
  protected override takeLocal(isLocal: boolean): void {
    this.#kept = isLocal ? this.words.get(0)! : undefined;
  }

  state(): UnitState {
    const raw = this.#kept ?? this.words.get(0)!;
    const output = 4 + (raw / 4095) * 16;
    const fault = this.words.get(215) === 1;
    return { name: this.name, energised: raw > 8, fault, expired: this.expired, output };
  }
}

const ambientDegC = 25;
const heatingKPerS = 5;
const notWritable = 4;

/** E5CC with one decimal: 0000H takes operation commands, 2407H bit 8 says that control is stopped. */
export class TemperatureController extends Unit {
  #degC = ambientDegC;
  /** Held from outside, as a heat gun at the sensor would. */
  held: number | undefined;
  #isRunning = false;
  #isWritingOn = false;
  #isRam = false;

  constructor(name: string) {
    super(name);
    for (const address of [
      0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2407, 0x2410, 0x2c00,
    ]) {
      this.words.set(address, 0);
      this.readOnly.add(address);
    }
    for (const address of [0x0000, 0xffff]) {
      this.words.set(address, 0);
      this.writeOnly.add(address);
    }
    for (const address of [0x2103, 0x2104, 0x2105, 0x2106]) this.words.set(address, 0);
    this.words.set(0x2410, 1);
    this.identity.push(0x2410);
  }

  protected obey(address: number, value: number): number | undefined {
    if (address !== 0 && address !== 0xffff) return this.#isWritingOn ? undefined : notWritable;
    if (value === 0x0001) this.#isWritingOn = true;
    else if (!this.#isWritingOn) return notWritable;
    else if (value === 0x0000) this.#isWritingOn = false;
    else if (value === 0x0100) this.#isRunning = true;
    else if (value === 0x0101) this.#isRunning = false;
    else if (value === 0x0400) this.#isRam = false;
    else if (value === 0x0401) this.#isRam = true;
    else return 3;
    return undefined;
  }

  tick(seconds: number): void {
    const goal = this.#isRunning
      ? Math.max(ambientDegC, this.words.get(0x2103)! / 10)
      : ambientDegC;
    const step = heatingKPerS * seconds;
    const gap = goal - this.#degC;
    this.#degC = Math.abs(gap) <= step ? goal : this.#degC + Math.sign(gap) * step;
  }

  fail(): void {
    this.#isRunning = false;
  }

  cure(): void {}

  protected show(): void {
    const isHeating = this.state().energised;
    this.words.set(0x2000, Math.round((this.held ?? this.#degC) * 10));
    this.words.set(0x2002, this.words.get(0x2103)!).set(0x2001, isHeating ? 0x100 : 0);
    this.words.set(0x2004, isHeating ? 800 : 0);
    const bits = [this.#isRam && 4, !this.#isRunning && 8, this.#isWritingOn && 9];
    this.words.set(
      0x2407,
      bits.reduce<number>((w, b) => (b === false ? w : w | (1 << b)), 0),
    );
  }

  state(): UnitState {
    const output = this.words.get(0x2103)! / 10;
    const energised = this.#isRunning && output > ambientDegC;
    return { name: this.name, energised, fault: false, expired: this.expired, output };
  }
}

/** DRR245: 1016 starts and stops, 1010 is the heating output in hundredths of a percent. */
export class ResistiveController extends Unit {
  constructor(name: string, node: number) {
    super(name);
    const told = [0, 5, 1000, 1009, 1010, 1011, 1012, 1014, 1015];
    for (const address of told) {
      this.words.set(address, 0);
      this.readOnly.add(address);
    }
    this.words
      .set(0, 245)
      .set(5, node)
      .set(1000, ambientDegC * 10);
    for (const address of [1001, 1016, 1022]) this.words.set(address, 0);
    this.identity.push(5);
  }

  protected obey(): undefined {}
  tick(): void {}

  fail(): void {
    this.words.set(1016, 0);
  }

  cure(): void {}

  #panel: boolean | undefined;
  protected override takeLocal(isLocal: boolean): void {
    this.#panel = isLocal ? this.words.get(1016) === 1 : undefined;
  }

  protected show(): void {
    const isHeating = this.state().energised;
    this.words.set(1010, isHeating ? 8000 : 0).set(1009, isHeating ? 1 : 0);
  }

  state(): UnitState {
    const output = this.words.get(1001)! / 10;
    const isRunning = this.#panel ?? this.words.get(1016) === 1;
    const energised = isRunning && output > ambientDegC;
    return { name: this.name, energised, fault: false, expired: this.expired, output };
  }
}

/** ADAM-4150: eight digital outputs as coils from 16 on; inputs at 0. */
export class AdamDigital extends Unit {
  constructor(name: string) {
    super(name);
    for (let channel = 0; channel < 8; channel++) this.bits.set(channel, 0).set(16 + channel, 0);
    for (let address = 210; address <= 215; address++) this.words.set(address, 0);
    this.words.set(210, 0x4150).set(214, 1);
    this.identity.push(210);
  }

  protected obey(): undefined {}
  protected show(): void {}
  tick(): void {}

  fail(): void {
    for (let channel = 0; channel < 8; channel++) this.bits.set(16 + channel, 0);
    this.words.set(215, 1);
  }

  cure(): void {
    this.words.set(215, 0);
  }

  #kept: boolean | undefined;
  protected override takeLocal(isLocal: boolean): void {
    this.#kept = isLocal ? this.bits.get(16) === 1 : undefined;
  }

  state(): UnitState {
    const energised = this.#kept ?? this.bits.get(16) === 1;
    const fault = this.words.get(215) === 1;
    return { name: this.name, energised, fault, expired: this.expired, output: energised ? 1 : 0 };
  }
}

/** A torque transducer beside the shaft: its speed is measured, not told by the drive. */
export class Transducer extends Unit {
  readonly #shaft: Shaft;

  constructor(name: string, shaft: Shaft) {
    super(name);
    this.#shaft = shaft;
    for (let address = 0; address < 0x20; address++) {
      this.words.set(address, 0);
      this.readOnly.add(address);
    }
    this.identity.push(0x14);
  }

  protected obey(): undefined {}

  protected show(): void {
    const tenths = Math.round(Math.abs(this.#shaft.rpm) * 10);
    this.words.set(2, (tenths >>> 16) & 0xffff).set(3, tenths & 0xffff);
  }

  tick(): void {}
  fail(): void {}
  cure(): void {}

  state(): UnitState {
    return { name: this.name, energised: false, fault: false, expired: 0, output: 0 };
  }
}
