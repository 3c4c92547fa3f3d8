/** The unit that a configuration names. */
import type { UnitConfig } from "./config.js";
import { CheDrive } from "./drive-che.js";
import { AcsDrive, AsdaDrive, MdDrive } from "./drives.js";
import {
  AdamDigital,
  AdamOutput,
  ResistiveController,
  TemperatureController,
  Transducer,
} from "./others.js";
import type { Shaft } from "./shaft.js";
import type { Unit } from "./unit.js";

export function makeUnit(config: UnitConfig, shaftOf: (name: string) => Shaft): Unit {
  const { name, kind, shaft = name, fullRpm = 6000, unit } = config;
  switch (kind) {
    case "adam":
      return new AdamOutput(name);
    case "adam-digital":
      return new AdamDigital(name);
    case "e5cc":
      return new TemperatureController(name);
    case "drr245":
      return new ResistiveController(name, unit);
    case "torque":
      return new Transducer(name, shaftOf(shaft));
    case "md":
      return new MdDrive(name, shaftOf(shaft), fullRpm);
    case "che100":
      return new CheDrive(name, shaftOf(shaft), fullRpm);
    case "asda":
      return new AsdaDrive(name, shaftOf(shaft), fullRpm, unit);
    case "acs580":
      return new AcsDrive(name, shaftOf(shaft), fullRpm);
  }
}
