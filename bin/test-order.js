// In which order the test files run: those that wait for real processes are spread over the whole run, so that
// others compute meanwhile and not many of them share the machine; what computes longest comes first. Files that
// share a process come last, one after the other: a process is kept only for a next file of its kind.
import { BaseSequencer } from "vitest/node";

const waits = /\/test\/(loopback\/(safe|controller|killed|run)-|cli\/(demo|device-|last-resort))/;

export class TestOrder extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const of = (name) => sorted.filter(({ project }) => project.name === name);
    const [long, shared] = [of("long"), [...of("clean"), ...of("pure")]];
    const waiting = sorted.filter(({ moduleId }) => waits.test(moduleId));
    const others = sorted.filter((file) => ![...shared, ...long, ...waiting].includes(file));
    return [...spread(waiting, [...long, ...others]), ...shared];
  }
}

/** Every so many of `others` one of `few`; the last of them well before the end. */
function* spread(few, others) {
  const every = Math.max(1, Math.floor((0.7 * others.length) / Math.max(1, few.length)));
  const waiting = [...few];
  for (const [i, file] of others.entries()) {
    if (i % every === 0 && waiting.length > 0) yield waiting.shift();
    yield file;
  }
  yield* waiting;
}
