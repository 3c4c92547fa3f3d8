// Which tests share a process, and which `npm test -- quick` and `npm test -- machine` take.

/** They only compute: no process, no line and no file but the shipped ones. */
const pure = [
  "tidy",
  "unit/base/**/*",
  "unit/bin/**/*",
  "unit/device/**/*",
  "unit/limit/**/*",
  "unit/profile/**/*",
  "unit/run/**/*",
  "unit/sim/**/*",
  "unit/sim-plant/**/*",
  // This one reads a record that it has written.
  "unit/report/**/!(black-box)",
  "unit/life/**/!(bounds|bounds-methods)",
];
/** More that leaves its process as it found it: virtual lines, shipped files. */
const clean = [
  "data/**/*",
  "unit/cli/**/*",
  "unit/keeper/**/!(exhaustive)",
  "unit/lab/**/*",
  // This one claims lines of the machine.
  "unit/line/**/!(claim)",
  "unit/rig/**/*",
];
/** What computes for long: arithmetic, and whole runs in virtual time. */
const long = [
  "unit/life/bounds",
  "unit/life/bounds-methods",
  "unit/keeper/exhaustive",
  "sim/run-@(bearing|fault|harmonic|limit|stop)",
  "sim/suspect",
];
/**
 * What asks of Node what another Node could do otherwise, each at least once: files and their locks, the database,
 * threads, processes and signals, terminals, sockets, serial ports, timers, HTTP, text of other countries.
 */
const machine = [
  "unit/api/**/*",
  "unit/line/claim",
  "unit/record/@(disk-full|lock|own-files|parquet|sqlite|store|verify)",
  "unit/record/journal/journal",
  "unit/report/black-box",
  "sim/@(live-view|resume|same-bytes)",
  "cli/@(demo|doctor|life|line|run|signal)",
  "loopback/@(controller-killed|line-*|rig-keep|safe-signals|second-terminal|serve-*)",
];

const built = (paths) => paths.map((path) => `build/test/${path}.test.js`);

/** `include` and `exclude` of the runner's projects. */
export const testFiles = {
  pure: { include: built(pure) },
  clean: { include: built(clean) },
  long: { include: built(long) },
  machine: { include: built(machine) },
  others: { include: built(["**/*"]), exclude: built([...pure, ...clean, ...long, ...machine]) },
};

export const quickTests = ["--project=pure"];
export const machineTests = [...quickTests, "--project=machine"];

/** Set where those are tried again whose time ran out: one file, one test at a time. */
const aloneVariable = "WEAROUT_TESTS_ALONE";
export const aloneEnv = { [aloneVariable]: "1" };
export const alone = process.env[aloneVariable] === "1";
