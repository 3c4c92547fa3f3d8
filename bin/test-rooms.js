// Which tests `npm test -- quick` and `npm test -- machine` take: words for the runner.

/** They only compute: no process, no line and no file but the shipped ones. */
const pure = ["base", "device", "limit", "profile", "run", "sim-plant", "sim", "report", "life"];
/** Arithmetic for half a minute and more. */
const long = ["unit/life/bounds.test", "unit/keeper/exhaustive.test"];

const without = (paths) => paths.map((path) => `--exclude=**/${path}*`);

export const quickRooms = [
  "--no-isolate",
  "tidy",
  ...pure.map((room) => `unit/${room}/`),
  ...without(long),
];
export const machineRooms = without(long);
