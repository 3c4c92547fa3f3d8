/** What is taken out of watching, and given back: asked of the keeper. */
import type { Keeper } from "../keeper/keeper.js";
import type { LimitName, ServiceAnswer } from "../keeper/service.js";
import { type Outage, outages } from "../limit/alarm/service.js";
import { refusalWords } from "../report/alarm-words.js";
import type { Command } from "./keeps.js";

type Said = { by: string; reason: string; second: string; forMs: number };

const verbs = ["rig out-of-service", "rig return", "limit bypass", "limit restore"] as const;
type ServiceVerb = (typeof verbs)[number];

export function isService(verb: string): verb is ServiceVerb {
  return (verbs as readonly string[]).includes(verb);
}

export async function askService(
  keeper: Keeper,
  verb: ServiceVerb,
  args: Command["args"],
): Promise<{ accepted: boolean; text: string; way?: string }> {
  const { accepted, text, code } = await decided(keeper, verb, args);
  if (code === undefined) return { accepted, text };
  const restore = `wearout limit restore ${keeper.rig.name} ${String(args["limit"])}`;
  const way = code === "is-bypassed" ? { way: restore } : {};
  return { accepted, text: refusalWords(code, "en"), ...way };
}

/** What makes a run impossible as long as a person has not returned it, and how that is done; undefined: nothing. */
export function outageNow({ rig, book }: Keeper): { text: string; way: string } | undefined {
  const [outage] = outages(book.alarms);
  if (outage === undefined) return undefined;
  const { what, name } = outage;
  const part = what === "rig" ? "" : ` --${what} ${name}`;
  const text = `${what === "rig" ? "the rig" : name} is out of service`;
  return { text, way: `wearout rig return ${rig.name}${part}` };
}

function decided(keeper: Keeper, verb: ServiceVerb, args: Command["args"]): Promise<ServiceAnswer> {
  const { by, reason, second, forMs: lengthMs } = args as Said;
  const outage = outageOf(keeper.rig.name, args);
  switch (verb) {
    case "rig out-of-service":
      return keeper.outOfService(outage, { by, reason, lengthMs });
    case "rig return":
      return keeper.returnToService(outage, by);
    case "limit bypass":
      return keeper.bypass(limitOf(args), { by, reason, second, lengthMs });
    case "limit restore":
      return keeper.restore(limitOf(args), by);
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
