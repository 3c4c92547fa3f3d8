import { Drive, signed } from "./drives.js";
import type { Shaft } from "./shaft.js";

/** CHE100: commands at 1000H, state at 1001H (3 is standby), set-point at 2000H, frequency at 3000H. */
export class CheDrive extends Drive {
  constructor(name: string, shaft: Shaft, fullRpm: number) {
    super(name, shaft, fullRpm);
    for (const address of [0x0008, 0x1000, 0x1001, 0x2000, 0x3000, 0x5000, 0x5001]) {
      this.words.set(address, 0);
    }
    this.words.set(0x3016, 0x0101);
    for (const address of [0x1001, 0x3000, 0x3016, 0x5000, 0x5001]) this.readOnly.add(address);
    this.writeOnly.add(0x1000);
    this.identity.push(0x3016);
  }

  protected asked(): number {
    return (signed(this.words.get(0x2000)!) / 10_000) * this.fullRpm;
  }

  protected obey(address: number, value: number): undefined {
    if (address !== 0x1000) return;
    if (value === 7) this.fault = false;
    else if (value === 6) this.pull = "off";
    else if (value === 5 || value === 8) this.pull = this.pull === "off" ? "off" : "brake";
    else if (value === 1 && !this.fault) this.pull = "pull";
  }

  protected show(): void {
    this.words.set(0x1001, this.fault ? 4 : this.pull === "off" ? 3 : 1);
    const share = this.pull === "off" ? 0 : Math.abs(this.shaft.rpm) / this.fullRpm;
    this.words.set(0x3000, Math.round(share * 5000));
  }
}
