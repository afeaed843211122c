#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { EXIT_CODES } from "#main/cli/exitCodes.ts";
import { reportFailure } from "#main/cli/failure.ts";
import { runCli } from "#main/cli/program.ts";
import { createTerminal } from "#main/cli/terminal.ts";

process.on("uncaughtException", (error) => {
  const verbose = process.argv.includes("--verbose") || process.argv.includes("-v");
  const { stdout, stderr } = process;
  process.exit(reportFailure(error, createTerminal({ stdout, stderr, quiet: false, verbose, color: false })));
});
/** What a terminal answers that was closed; the signal that follows asks for an orderly end. */
const TERMINAL_GONE = "EIO";
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== TERMINAL_GONE && error.code !== "EPIPE") throw error;
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === TERMINAL_GONE) return;
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT_CODES.failed); // the reader (`| head`) has left
});

const packageFile = readFileSync(new URL("../../package.json", import.meta.url), "utf8");

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  workingFolder: process.cwd(),
  presetsFolder: fileURLToPath(new URL("../../resources/presets", import.meta.url)),
  isAttended: process.stdin.isTTY,
  version: (JSON.parse(packageFile) as { version: string }).version,
});
