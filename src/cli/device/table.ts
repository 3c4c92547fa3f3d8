/** The table of all device types and what they stand on, as Markdown for docs/device-types.md. */
import type { DeviceType } from "../../device/device-type.js";

const strengths = ["manual", "family", "code", "derived", "recollected"] as const;

/** How many points stand on which kind of evidence, the strongest first. */
export function evidence(type: DeviceType): string {
  const counts = new Map<string, number>();
  for (const { confidence } of Object.values(type.points)) {
    counts.set(confidence, (counts.get(confidence) ?? 0) + 1);
  }
  return strengths
    .filter((c) => counts.has(c))
    .map((c) => `${counts.get(c)} ${c}`)
    .join(", ");
}

const head = [
  "type",
  "what it is",
  "points by evidence",
  "documents",
  "identity",
  "watchdog",
  "safe command",
  "examples",
];

/** One row per type, in the order given. */
export function deviceTable(types: readonly DeviceType[]): string {
  const rows = types.map((type) => [
    `\`${type.type}\``,
    type.title,
    evidence(type),
    documents(type),
    identity(type),
    watchdog(type),
    safe(type),
    examples(type),
  ]);
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function documents({ source }: DeviceType): string {
  const withPage = source.filter(({ page }) => page !== undefined).length;
  return `${source.length}, ${withPage} with page`;
}

function identity({ identify, identifyNote, identifyWeak = identifyNote }: DeviceType): string {
  const points = identify.map(({ point }) => point).join(", ");
  if (points === "") return "none";
  return identifyWeak === undefined ? points : `${points} (plausible only)`;
}

function watchdog({ watchdog: says, noWatchdog, actuators }: DeviceType): string {
  if (says === undefined) {
    if (noWatchdog !== undefined) return "none: something else must stand in";
    return (actuators ?? []).length === 0 ? "drives nothing" : "not said";
  }
  const fed = says.fedBy === undefined ? "any request" : says.fedBy.join(", ");
  const shown = says.shows === undefined ? "" : `; shown by ${Object.keys(says.shows).join(", ")}`;
  return `${Object.keys(says.required).join(", ")}; fed by ${fed}${shown}`;
}

function safe({ actuators = [] }: DeviceType): string {
  if (actuators.length === 0) return "drives nothing";
  return [...new Set(actuators.map((a) => a.safe ?? "the rig's value"))].join(", ");
}

function examples({ examples: all }: DeviceType): string {
  const frames = all.filter(({ request }) => request !== undefined).length;
  const words = all.length - frames;
  const parts = [frames > 0 ? `${frames} as frames` : "", words > 0 ? `${words} as words` : ""];
  return parts.filter((part) => part !== "").join(", ");
}
