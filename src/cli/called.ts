/** How this process was called, so that every command it prints can be typed as it stands. */
import { relative, resolve } from "node:path";

type Surroundings = {
  argv: readonly string[];
  env: { readonly [name: string]: string | undefined };
  cwd: string;
};

/** What a printed command needs beside its own words: the program, and the folders given to this one. */
export type Call = { program: string; site?: string; records?: string; state?: string };

/** `wearout` where it is installed, `node bin/wearout.js` in a clone, `npx wearout` under npx. */
export function programOf({ argv, env, cwd }: Surroundings): string {
  const script = argv[1] ?? "wearout";
  if (!script.endsWith(".js")) return env["npm_command"] === "exec" ? "npx wearout" : "wearout";
  // npm goes to the folder of the package; the person stays where npm was called.
  const from = env["npm_lifecycle_event"] === undefined ? cwd : (env["INIT_CWD"] ?? cwd);
  const near = relative(from, resolve(cwd, script));
  return `node ${quoted(near.startsWith("..") ? resolve(cwd, script) : near)}`;
}

/** Verbs by noun; of the others the noun alone says all. */
const verbs: Readonly<Record<string, string>> = {
  run: "start|resume|hold|stop|park|abort|dispose|leave|list|show|events|verify|export|plot|blackbox",
  record: "status|backup|prune|compact",
  rig: "keep|safe|abandon|release|take|token|list|show|journal|verify|status|watch|log|clear|reset|out-of-service|return",
  alarm: "list|ack|shelve|unshelve",
  limit: "bypass|restore",
  life: "fit|compare|alt|growth|steps|degrade|weibayes|bearing|reducer|rainflow|plan|decide|table",
  report: "life",
  line: "[a-z]+",
  device: "[a-z]+",
  profile: "[a-z]+",
  product: "[a-z]+",
  schema: "[a-z]+",
  demo: "",
  check: "",
  doctor: "",
};

const command = new RegExp(
  `(?<![\\w/.-])wearout (${Object.entries(verbs)
    .map(([noun, all]) => (all === "" ? noun : `${noun}(?: (?:${all})\\b)?`))
    .join("|")})\\b([^\\n;]*)`,
  "g",
);

const takesRecords =
  /^(run (?!hold|abort|dispose|leave)|record |life (fit|compare|alt|weibayes|decide|table)\b|report |demo|doctor)/;
const takesState =
  /^(run (start|resume|hold|stop|park|abort|dispose|leave)\b|rig (?!list|show)|alarm |limit )/;

/** The text with every `wearout NOUN VERB` in it as it must be typed here. */
export function asTyped(text: string, call: Call): string {
  return text.replace(command, (_, words: string, rest: string) => {
    const option = (name: string, value: string | undefined, takes: boolean) =>
      value === undefined || !takes || rest.includes(`${name} `) ? "" : ` ${name} ${quoted(value)}`;
    const site = option("--site", call.site, true);
    const records = option("--records", call.records, takesRecords.test(words));
    const state = option("--state", call.state, takesState.test(words));
    return `${call.program}${site} ${words}${records}${state}${asTyped(rest, call)}`;
  });
}

/** As a shell reads it. */
export function quoted(text: string): string {
  return /^[\w./:=,%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
