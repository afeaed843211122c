#!/usr/bin/env node
// What `hinas` is on the path: the command line runs its sources as they are, which needs a current Node. Where the one at hand
// is older, the one that was installed beside the program takes its place.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OLDEST = 24;
/** From here on Node runs TypeScript's sources. */
const OLDEST_AT_ALL = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const system = process.platform === "win32" ? "win" : process.platform;
const program = process.platform === "win32" ? "node.exe" : "node";
const place = new URL(`../../node_modules/node-${system}-${process.arch}/bin/${program}`, import.meta.url);
const isOwnNodeNeeded = major < OLDEST && existsSync(place);
const canRun = major > OLDEST_AT_ALL[0] || (major === OLDEST_AT_ALL[0] && minor >= OLDEST_AT_ALL[1]);

if (isOwnNodeNeeded) {
  const entry = fileURLToPath(new URL("./cli.ts", import.meta.url));
  const child = spawn(fileURLToPath(place), [entry, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both, and a second one would end the child before it has saved its checkpoints.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.once("error", (error) => {
    process.stderr.write(`hinas: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => (process.exitCode = signal === null ? (code ?? 1) : 1));
} else if (canRun) {
  await import("./cli.ts");
} else {
  process.stderr.write(
    `hinas: Node ${OLDEST} or newer is needed, this is ${process.versions.node}; \`npm ci\` by npm 11 brings one along\n`,
  );
  process.exitCode = 1;
}
