// What the end of the tests says beyond the runner's own words: the ten slowest files, and for which tests only time
// ran out. `bin/test.js` reads the same from a file.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join, relative } from "node:path";

export const reportFile = join("build", ".tests.json");
const slowest = 10;
const sampleMs = 5000;

/** Of tests that say themselves that it is a time which is too long, and of the runner's own limits. */
const timeRanOut = /^(Test|Hook) timed out in |^time: |not within \d+ ms|\d+ ms are over/;

export class TestReport {
  #root = process.cwd();
  #loads = [];
  #timer;

  onInit({ config }) {
    this.#root = config.root;
  }

  onTestRunStart() {
    this.#timer = setInterval(() => this.#loads.push(loadavg()[0]), sampleMs);
    this.#timer.unref();
  }

  onTestRunEnd(modules, unhandled) {
    clearInterval(this.#timer);
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const suites = modules.flatMap(({ children }) => [...children.allSuites()]);
    const failed = [
      ...tests.map((test) => ({ of: test, errors: test.result().errors ?? [] })),
      // What comes before and after the tests of a suite.
      ...suites.map((suite) => ({ of: suite, errors: suite.errors() })),
    ].filter(({ errors }) => errors.length > 0);
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandled.length;
    const late = failed.filter(({ errors }) => errors.every(isLate));
    const report = {
      passed: tests.filter((test) => test.result().state === "passed").length,
      failed: failed.length + broken,
      late: late.map(({ of }) => ({ file: this.#name(of.module), name: of.fullName })),
      load: Math.max(0, ...this.#loads),
      cores: availableParallelism(),
    };
    const file = join(this.#root, reportFile);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(report));
    if (modules.length > slowest) this.#tellSlowest(modules);
  }

  #tellSlowest(modules) {
    const all = modules.map((module) => [module.diagnostic().duration, this.#name(module)]);
    console.log("slowest files:");
    for (const [ms, name] of all.sort(([a], [b]) => b - a).slice(0, slowest)) {
      console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
    }
  }

  #name({ moduleId }) {
    return relative(this.#root, moduleId)
      .replace(/^build\//, "")
      .replace(/\.js$/, ".ts");
  }
}

/** Of a test's error: only time ran out, by the runner's clock or by the test's own. */
export function isLate({ message }) {
  return timeRanOut.test(message);
}
