#!/usr/bin/env node
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { findElectron } from "#main/shell/findElectron.ts";

const folder = fileURLToPath(new URL("../..", import.meta.url));
const found = await findElectron(folder, process.env);

if ("reason" in found) {
  process.stderr.write(`No window of its own: ${found.reason}. Open this address in a browser instead:\n`);
}
const [program, args] =
  "program" in found
    ? [found.program, [folder]]
    : [process.execPath, [fileURLToPath(new URL("./cli.ts", import.meta.url)), "serve"]];

const child = spawn(program, [...args, ...process.argv.slice(2)], { stdio: "inherit" });
// The terminal sends Ctrl-C to both, and a second one would end the child before it has saved its checkpoints.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => child.kill("SIGTERM"));
process.on("SIGHUP", () => child.kill("SIGHUP"));
child.once("error", (error) => {
  process.stderr.write(`start: ${error.message}\n`);
  process.exitCode = 1;
});
child.once("exit", (code, signal) => (process.exitCode = signal === null ? (code ?? 1) : 1));
