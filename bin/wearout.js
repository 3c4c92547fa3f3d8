#!/usr/bin/env node
// The libuv pool serves serial ports and files; its size must be known before it is first used.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { existsSync } = await import("node:fs");
const built = new URL("../build/src/cli/main.js", import.meta.url);
// Only a fresh clone lacks it; a build that is merely old is left alone, for a run may be using it.
if (!existsSync(built)) (await import("./prepare.js")).prepare();
const { main } = await import(built.href);
process.exitCode = await main(process.argv);
