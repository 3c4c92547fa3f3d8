#!/usr/bin/env node
// The libuv pool serves serial ports and files; its size must be known before it is first used.
process.env.UV_THREADPOOL_SIZE ??= "16";
const { main } = await import("../build/src/cli/main.js");
process.exitCode = await main(process.argv);
