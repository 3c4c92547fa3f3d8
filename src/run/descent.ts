/** Ramped reactions have a deadline: what does not come down is aborted. */
import { formatQuantity } from "../base/quantity.js";
import { good, type RunSample } from "../base/sample.js";
import { noPlace, setpointAt } from "../base/setpoint.js";
import { restRpm } from "./rest-speed.js";
import type { Descent, NextState, RunContext } from "./state.js";

/** A speed above its setpoint may stay the same for so long. */
const longestStillMs = 2000;
/** The way down may take its ramps times this, and so much more. */
const rampShare = 1.25;
const reserveMs = 5000;
/** Of the speed's ceiling: less is noise of the reading, not a fall. */
const fallShare = 0.001;

/** What is expected of the way down that begins now. */
export function descentOf({ actuators, places }: RunContext, s: NextState): Descent {
  const ramps = places.map((place) => {
    const { safe, rampPerS } = actuators[place]!;
    return Math.abs(setpointAt(s.setpoints, place) - safe) / rampPerS;
  });
  const rampMs = 1000 * Math.max(0, ...ramps);
  const dueAt = s.at + rampShare * rampMs + reserveMs;
  return { lowestRpm: Number.POSITIVE_INFINITY, fellAt: s.at, dueAt };
}

/**
 * Why the way down cannot be left to its ramps: a speed above its setpoint that does not fall, or one that
 * still turns when it must be over. Undefined while it goes as it should. A speed that is not read says nothing.
 */
export function stuck(context: RunContext, s: NextState, sample: RunSample): string | undefined {
  const { descent } = s;
  if (descent === null || sample.quality[context.speedColumn] !== good) return undefined;
  const rpm = Math.abs(sample.values[context.speedColumn]!);
  const wanted = Math.abs(setpointRpm(context, s));
  const rest = restRpm(context.speedCeilingRpm);
  const fall = fallShare * (Number.isNaN(context.speedCeilingRpm) ? 0 : context.speedCeilingRpm);
  const falls = rpm < descent.lowestRpm - fall || rpm - wanted <= rest;
  const fellAt = falls ? s.at : descent.fellAt;
  s.descent = { ...descent, fellAt, lowestRpm: Math.min(rpm, descent.lowestRpm) };
  const turns = `the speed is ${formatQuantity(rpm, "rpm")}`;
  if (s.at - fellAt > longestStillMs) return `${turns} and does not fall`;
  return s.at > descent.dueAt && rpm > rest ? `${turns} when it should stand` : undefined;
}

/** Zero where no actuator commands the speed. */
function setpointRpm({ booked, speedBooked }: RunContext, { setpoints }: NextState): number {
  const { setpoint } = booked[speedBooked]!;
  return setpoint === noPlace ? 0 : setpointAt(setpoints, setpoint);
}
