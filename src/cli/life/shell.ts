/** How the life verbs speak: sentences broken to the width of the terminal. */
import { fitted } from "../output.js";
import type { Shell } from "../shell.js";

/**
 * The same shell; what is printed and told is broken at blanks where it is wider than the terminal. JSON stays as it
 * is, and so does what goes into a file or another program.
 */
export function fittingShell(shell: Shell): Shell {
  const { out } = shell;
  return {
    env: shell.env,
    program: shell.program,
    get host() {
      return shell.host;
    },
    siteFolder: () => shell.siteFolder(),
    site: () => shell.site(),
    action: (run) => shell.action(run),
    divertTalk: (to) => shell.divertTalk(to),
    out: {
      ...out,
      print: (text) => out.print(/^[[{]/.test(text) ? text : fitted(text)),
      talk: (text) => out.talk(fitted(text, process.stderr.columns ?? Number.POSITIVE_INFINITY)),
    },
  };
}
