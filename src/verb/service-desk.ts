/** What is taken out of watching, and given back: asked of the keeper. */
import type { Keeper } from "../keeper/keeper.js";
import type { LimitName, ServiceAnswer } from "../keeper/service.js";
import type { Outage } from "../limit/alarm/service.js";
import { refusalWords } from "../report/alarm-words.js";
import type { Command } from "./keeps.js";

type Said = { by: string; reason: string; second: string; forMs: number };

/** Undefined for a verb that is none of these. */
export async function askService(
  keeper: Keeper,
  verb: string,
  args: Command["args"],
): Promise<{ accepted: boolean; text: string } | undefined> {
  const { by, reason, second, forMs: lengthMs } = args as Said;
  const answer = await decided();
  if (answer === undefined) return undefined;
  const { accepted, text, code } = answer;
  return { accepted, text: code === undefined ? text : refusalWords(code, "en") };

  async function decided(): Promise<ServiceAnswer | undefined> {
    const outage = outageOf(keeper.rig.name, args);
    if (verb === "rig out-of-service") {
      return keeper.outOfService(outage, { by, reason, lengthMs });
    }
    if (verb === "rig return") return keeper.returnToService(outage, by);
    if (verb === "limit bypass") {
      return keeper.bypass(limitOf(args), { by, reason, second, lengthMs });
    }
    return verb === "limit restore" ? keeper.restore(limitOf(args), by) : undefined;
  }
}

function outageOf(rig: string, { device, line }: Command["args"]): Outage {
  if (typeof device === "string") return { what: "device", name: device };
  if (typeof line === "string") return { what: "line", name: line };
  return { what: "rig", name: rig };
}

/** `vibration@s1`; as alarms are called. */
function limitOf(args: Command["args"]): LimitName {
  const [limit = "", station] = String(args["limit"]).split("@");
  return station === undefined ? { limit } : { limit, station };
}
