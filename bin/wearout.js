#!/usr/bin/env node
// The libuv pool serves serial ports and files; its size must be known before it is first used.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { existsSync, statSync } = await import("node:fs");
// In an emergency nothing is loaded that it does not need.
const words = process.argv.slice(2);
const isUrgent =
  ["safe", "abandon"].includes(words[words.indexOf("rig") + 1]) && words.includes("rig");
const name = isUrgent ? "safe-main.js" : "main.js";
const built = new URL(`../build/src/cli/${name}`, import.meta.url);
const bundled = new URL(`../build/program/${name}`, import.meta.url);
// Only a fresh clone lacks it; a build that is merely old is left alone, for a run may be using it.
if (!existsSync(built)) (await import("./prepare.js")).prepare();
// A bundle of an earlier build is none of this one.
const isFresh = existsSync(bundled) && statSync(bundled).mtimeMs >= statSync(built).mtimeMs;
const { main } = await import((isFresh ? bundled : built).href);
process.exitCode = await main(process.argv);
