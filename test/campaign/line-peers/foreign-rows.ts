/** Servers of other projects: healthy, and frozen as a whole process. */
import { apiRow } from "./api-row.js";
import { type Demand, demands, type LinkKind } from "./faults.js";
import { noProject, type Project, projects, startServer } from "./foreign.js";
import { noPty, openCable } from "./pty.js";
import type { Result, Row, Size } from "./row.js";
import { runRow } from "./run-row.js";
import type { RunSize } from "./run-site.js";

const apiSizes: readonly Size[] = ["1", "10", "bits", "mix"];
const runSizes: readonly RunSize[] = ["1", "10", "bits"];
const kinds: readonly LinkKind[] = ["rtu", "tcp"];
const faults: Readonly<Record<string, Demand>> = {
  healthy: demands["healthy"]!,
  frozen: demands["frozen"]!,
};

export function foreignRows(): Row[] {
  return projects.flatMap((project) =>
    Object.entries(faults).flatMap(([fault, demand]) =>
      kinds.flatMap((kind) => [
        ...apiSizes.map((size) => foreign(project, fault, kind, size, "api", demand)),
        ...runSizes.map((size) => foreign(project, fault, kind, size, "run", demand)),
      ]),
    ),
  );
}

function foreign(
  project: Project,
  fault: string,
  kind: LinkKind,
  size: Size,
  way: "api" | "run",
  demand: Demand,
): Row {
  const name = `${project}-server-${fault}/${kind}/${size}/${way}`;
  const missing = async () => (await noProject(project)) ?? (kind === "rtu" ? noPty() : undefined);
  const run = async (): Promise<Result> => {
    const cable = kind === "rtu" ? await openCable() : undefined;
    try {
      const peer = await startServer(project, kind, cable?.theirs ?? "");
      if (cable !== undefined) peer.place = cable.ours;
      if (way === "api") return await apiRow(name, peer, kind, size, demand);
      return await runRow(peer, kind, size as RunSize, demand);
    } finally {
      await cable?.close();
    }
  };
  return { name, isQuick: false, missing, run };
}
