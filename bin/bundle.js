// The built files of the command line and of its threads, put together into few. Of the processor time of a short
// command most went into finding, opening and reading the 520 files that it needs (figures: docs/performance.md). Tests
// import the built files themselves; whatever starts a process gets the bundle.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const build = join(dirname(dirname(fileURLToPath(import.meta.url))), "build");

/** By the name of the file; a thread's is the one by which it is started. */
const input = {
  main: join(build, "src/cli/main.js"),
  "safe-main": join(build, "src/cli/safe-main.js"),
  worker: join(build, "src/record/worker.js"),
  "pivot-worker": join(build, "src/life/pivot-worker.js"),
};

/** Libraries of many small files; those with native parts or files of their own stay where they are. */
const inside = /^(@sinclair\/typebox|commander|yaml)(\/|$)/;
const isOutside = (id) => /^[@a-z]/.test(id) && !inside.test(id);

const bundle = await rolldown({ input, platform: "node", external: isOutside });
await bundle.write({ dir: join(build, "program"), format: "esm", sourcemap: true });
await bundle.close();
