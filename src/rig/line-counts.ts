/** What a line has counted since a moment, where it goes on counting. Pure. */
import type { ExchangeCounts, LineStatistics } from "../line/line.js";

/** Of each line by its name. */
export type LineCounts = Readonly<Record<string, LineStatistics>>;

/** As they are now, and stay. */
export function countsNow(lines: LineCounts): LineCounts {
  return Object.fromEntries(Object.entries(lines).map(([line, now]) => [line, copyOf(now)]));
}

/** What these lines have counted after `before`, of the same lines. */
export function countsSince(lines: LineCounts, before: LineCounts): LineCounts {
  const since = ([line, now]: [string, LineStatistics]) => {
    const then = before[line];
    return [line, then === undefined ? now : countedSince(now, then)];
  };
  return Object.fromEntries(Object.entries(lines).map(since));
}

export function copyOf(statistics: LineStatistics): LineStatistics {
  const { stopLatency, service, queueWait, units, exceptionCodes, slow, ...counts } = statistics;
  return {
    ...counts,
    ...structuredClone({ units, exceptionCodes, slow }),
    stopLatency: stopLatency.copy(),
    service: service.copy(),
    queueWait: queueWait.copy(),
  };
}

/** Counts and durations after `before`, an earlier copy; what is slow or has low latency is as it is now. */
export function countedSince(now: LineStatistics, before: LineStatistics): LineStatistics {
  const { units, exceptionCodes, stopLatency, service, queueWait } = now;
  const unit = ([address, counts]: [string, ExchangeCounts]) => [
    address,
    less(counts, before.units[Number(address)]),
  ];
  return {
    ...less(now, before),
    units: Object.fromEntries(Object.entries(units).map(unit)),
    exceptionCodes: less(exceptionCodes, before.exceptionCodes),
    stopLatency: stopLatency.since(before.stopLatency),
    service: service.since(before.service),
    queueWait: queueWait.since(before.queueWait),
  };
}

/** Numbers less those of the same name. */
function less<T extends object>(now: T, before: object | undefined): T {
  const old = (before ?? {}) as Readonly<Record<string, unknown>>;
  const entries = Object.entries(now).map(([name, value]) => {
    const was = old[name];
    return [name, typeof value === "number" && typeof was === "number" ? value - was : value];
  });
  return Object.fromEntries(entries) as T;
}
