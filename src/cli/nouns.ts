/** What can be asked of the command: each noun with what it is, and where it is found once it is asked for. */
import type { Add } from "./program.js";

type Noun = {
  /** Behind its name in the list, where it has any. */
  takes?: string;
  says: string;
  /** `verb` is the word behind it, if there is one: a noun may then load that one alone. */
  load(verb: string | undefined): Promise<Add>;
};

const rigSays = "rigs: lines, devices, stations, limits";
const runSays = "runs: one execution of a profile on a rig each";

/** In the order of the help. */
export const nouns: Readonly<Record<string, Noun>> = {
  demo: {
    says: "a SIMULATED lab: two rigs on real Modbus lines, a failure within minutes",
    load: async () => (await import("./demo/demo.js")).addDemo,
  },
  check: {
    takes: "[paths...]",
    says: "rig, profile, product and device-type files: form and meaning",
    load: async () => (await import("./check.js")).addCheck,
  },
  profile: {
    says: "stress profiles",
    load: async () => (await import("./profile.js")).addProfile,
  },
  product: {
    says: "bearing and reducer designations",
    load: async () => (await import("./product.js")).addProduct,
  },
  run: {
    says: runSays,
    load: async (verb) => (await import("./run/run.js")).loadRun(verb, runSays),
  },
  record: {
    says: "the records as files: room, copies, pruning",
    load: async () => (await import("./record.js")).addRecord,
  },
  rig: {
    says: rigSays,
    load: async (verb) => (await import("./rig/rig.js")).loadRig(verb, rigSays),
  },
  alarm: {
    says: "alarms of a kept rig: list, acknowledge, shelve",
    load: async () => (await import("./kept/alarm.js")).addAlarm,
  },
  limit: {
    says: "limits of a kept rig: bypass for a while, restore",
    load: async () => (await import("./kept/limit.js")).addLimit,
  },
  line: {
    says: "lines: one wire or socket each",
    load: async () => (await import("./line/line.js")).addLine,
  },
  device: {
    says: "device types and simulated devices",
    load: async () => (await import("./device/device.js")).addDevice,
  },
  life: {
    says: "statistics of life data, rating lives, test plans",
    load: async () => (await import("./life/life.js")).addLife,
  },
  report: {
    says: "pages to read, send and print",
    load: async () => (await import("./report.js")).addReport,
  },
  schema: {
    says: "JSON Schemas of the files people write, for editors",
    load: async () => (await import("./schema.js")).addSchema,
  },
  doctor: {
    says: "is this machine fit to run a rig? each finding with its exact fix",
    load: async () => (await import("./machine/doctor.js")).addDoctor,
  },
};

/** Noun and verb of a command line, which is not understood yet: `--site DIR` may stand anywhere. */
export function wordsOf(argv: readonly string[]): string[] {
  const words: string[] = [];
  for (let i = 2; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === "--site") i++;
    else if (!word.startsWith("-")) words.push(word);
  }
  return words[0] === "help" ? words.slice(1) : words;
}

/** The parts of the program: what is asked for is loaded, of the rest there is a name to list and to guess from. */
export function partsFor(argv: readonly string[]): Promise<Add[]> {
  const [asked, verb] = wordsOf(argv);
  const parts = Object.entries(nouns).map(async ([name, { takes, says, load }]): Promise<Add> => {
    if (name === asked) return load(verb);
    const term = takes === undefined ? name : `${name} ${takes}`;
    return (program) => void program.command(term).description(says);
  });
  return Promise.all(parts);
}
