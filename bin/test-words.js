// What is said, and tried again, where tests failed by time: a slow machine is told from a failure.

/** More than our own workers can make of it. */
export function loadText({ load, cores }) {
  const isBusy = load > 2 * cores + 1;
  return `the machine was ${isBusy ? "too" : "not"} busy (load ${load.toFixed(1)} on ${cores} cores)`;
}

/** Nothing failed but what ran out of time: worth one more try, one test at a time. */
export function isOnlyLate({ late, failed }) {
  return late.length > 0 && late.length === failed;
}

/** The report of all tests when those that were late have run `again`. */
export function afterRetry(first, { status, failed, late }) {
  return { ...first, status, passed: first.passed + first.late.length - failed, failed, late };
}

function list(tests) {
  return tests.map(({ file, name }) => `\n  ${file}: ${name}`).join("");
}

/** Where time ran out: whether the machine was too busy, and for which tests. */
export function lastWords(first, last) {
  if (first.late.length === 0) return [];
  if (last.status === 0) {
    return [`time had run out, ${loadText(first)}; by themselves these passed:${list(first.late)}`];
  }
  const others = last.failed - last.late.length;
  return [
    ...(last.late.length > 0 ? [`time ran out, ${loadText(first)}:${list(last.late)}`] : []),
    ...(others > 0 ? [`${others} failed for other reasons, see above`] : []),
  ];
}
