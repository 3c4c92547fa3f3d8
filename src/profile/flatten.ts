/** Nested steps become one list of segments, each with the setpoints it ends with. */
import { formatQuantity } from "../base/quantity.js";
import { formatPath, type Path } from "../base/schema.js";
import {
  mapSetpoints,
  placeOf,
  placesOf,
  type SetpointPlace,
  type Setpoints,
  setpointAt,
} from "../base/setpoint.js";
import type { Segment } from "./program.js";
import type { Scope } from "./scope.js";
import { type Action, fastest, type Node } from "./steps.js";

/** More than this is a mistake in a repeat, not a test. */
const mostSegments = 200_000;

type Flow = {
  scope: Scope;
  places: readonly SetpointPlace[];
  segments: Segment[];
  /** Setpoints at the end of the last segment. */
  setpoints: Setpoints;
  /** File positions already complained about: a repeat would say everything again. */
  said: Set<string>;
};

/** All segments in order, from the given setpoints; empty with a problem when there are too many. */
export function flatten(scope: Scope, nodes: readonly Node[], start: Setpoints): Segment[] {
  const count = countSegments(nodes);
  if (count > mostSegments) {
    const found = `${count} segments once every repeat is written out`;
    scope.problem(["steps"], found, `at most ${mostSegments}`);
    return [];
  }
  const places = placesOf(scope.setpointRoles);
  const flow: Flow = { scope, places, segments: [], setpoints: start, said: new Set() };
  addAll(flow, nodes, "");
  return flow.segments;
}

function countSegments(nodes: readonly Node[]): number {
  return nodes.reduce((sum, { action }) => {
    return sum + (action.kind === "repeat" ? action.count * countSegments(action.children) : 1);
  }, 0);
}

function addAll(flow: Flow, nodes: readonly Node[], prefix: string): void {
  for (const node of nodes) {
    const path = prefix + node.suffix;
    const { action } = node;
    if (action.kind === "repeat") {
      for (let round = 0; round < action.count; round++) {
        addAll(flow, action.children, `${path}.${action.word}[${round}].`);
      }
    } else addSegment(flow, node, path, action);
  }
}

type Single = Exclude<Action, { kind: "repeat" }>;
const nowhere = new Float64Array(0);

function addSegment(flow: Flow, node: Node, path: string, action: Single): void {
  const from = flow.setpoints;
  const moves = action.kind === "set" || action.kind === "ramp";
  const targets = moves ? reach(from, action.targets) : from;
  const segment: Segment = {
    index: flow.segments.length,
    path,
    name: node.name,
    kind: action.kind,
    targets,
    rampMs: 0,
    arriveMs: nowhere,
    limits: node.limits,
  };
  if (action.kind === "set") setSlew(flow, segment, from);
  else if (action.kind === "ramp") setRamp(flow, node, segment, from, action);
  else if (action.kind === "dwell") setDwell(flow, node, segment, action);
  else segment.until = action.until;
  flow.segments.push(segment);
  flow.setpoints = targets;
}

/** The setpoints after a step: its own, and the old ones where it says nothing. */
function reach(from: Setpoints, wanted: Setpoints): Setpoints {
  return mapSetpoints(from, (place) => {
    const value = setpointAt(wanted, place);
    return Number.isNaN(value) ? setpointAt(from, place) : value;
  });
}

/** As fast as the rig's own ramp limits allow, each setpoint in its own time; at once without a rig. */
function setSlew({ scope }: Flow, segment: Segment, from: Setpoints): void {
  segment.arriveMs = mapSetpoints(from, (place) => {
    const rampPerS = scope.rig?.setpoints[place]?.rampPerS;
    return rampPerS === undefined ? 0 : travelMs(from, segment.targets, place, rampPerS);
  });
  segment.rampMs = Math.max(0, ...segment.arriveMs);
}

function travelMs(from: Setpoints, to: Setpoints, place: SetpointPlace, perS: number): number {
  const way = Math.abs(setpointAt(to, place) - setpointAt(from, place));
  return way === 0 ? 0 : (way / perS) * 1000;
}

function setRamp(
  flow: Flow,
  node: Node,
  segment: Segment,
  from: Setpoints,
  action: Extract<Action, { kind: "ramp" }>,
): void {
  const { overMs, ratesPerS } = action;
  segment.arriveMs = mapSetpoints(from, (place) => {
    if (overMs !== undefined) return overMs;
    const perS = ratesPerS === undefined ? 0 : setpointAt(ratesPerS, place);
    return travelMs(from, segment.targets, place, perS);
  });
  segment.rampMs = Math.max(0, ...segment.arriveMs);
  if (overMs !== undefined) checkSpeed(flow, node, segment, from, overMs);
}

/** A ramp in a given time must not be faster than the rig can follow. */
function checkSpeed(
  flow: Flow,
  node: Node,
  segment: Segment,
  from: Setpoints,
  overMs: number,
): void {
  const { scope, places } = flow;
  scope.rig?.setpoints.forEach(({ role, rampPerS }, i) => {
    const neededMs = travelMs(from, segment.targets, places[i]!, rampPerS);
    if (neededMs <= overMs * (1 + 1e-9)) return;
    const unit = scope.roles.get(role)?.unit ?? "1";
    const perS = (rampPerS * neededMs) / overMs;
    const found = `a ramp of "${role}" at ${formatQuantity(perS, unit)}/s`;
    complain(flow, [...node.at, "ramp", "over"], found, fastest(scope, rampPerS, unit));
  });
}

function setDwell(
  flow: Flow,
  node: Node,
  segment: Segment,
  action: Extract<Action, { kind: "dwell" }>,
): void {
  if (action.dwellMs !== undefined) segment.dwellMs = action.dwellMs;
  if (action.dwellTurns === undefined) return;
  segment.dwellTurns = action.dwellTurns;
  const { roles, setpointRoles } = flow.scope;
  const speeds = setpointRoles
    .filter((role) => roles.get(role)?.dimension === "speed")
    .map((role) => setpointAt(flow.setpoints, placeOf(setpointRoles, role)));
  if (action.dwellTurns > 0 && speeds.length > 0 && speeds.every((s) => s === 0)) {
    const found = "a dwell by turns while no speed is set: it never ends";
    complain(flow, [...node.at, "dwell", "turns"], found, "a speed above zero before it");
  }
}

function complain(flow: Flow, at: Path, found: string, expected: string): void {
  const key = formatPath(at);
  if (flow.said.has(key)) return;
  flow.said.add(key);
  flow.scope.problem(at, found, expected);
}
