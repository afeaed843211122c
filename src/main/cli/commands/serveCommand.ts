import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { Option, type Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { parsePort } from "#main/cli/optionValues.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { watchStopSignals } from "#main/cli/stopSignals.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly open?: boolean;
}

/** Not used by anything well known. */
const DEFAULT_PORT = 8437;

const NOTES = `
The address holds a token; whoever has it can use the lab as you can. Without --host only this computer is let in:
from another one, tunnel to it (ssh -L ${DEFAULT_PORT}:localhost:${DEFAULT_PORT} HOST) and open the address as it is printed.

Examples:
  hinas serve --open
  hinas serve --port 0 --json`;

/** Adds `hinas serve`. */
export function addServeCommand(program: Command, run: RunCommand): void {
  program
    .command("serve")
    .description("serve the lab's window to a browser, until Ctrl-C")
    .addOption(
      new Option("--port <n>", "port to listen on; 0 takes any free one").argParser(parsePort).default(DEFAULT_PORT),
    )
    .option("--host <address>", "address to listen on; others than the default let other computers in", "127.0.0.1")
    .option("--open", "open the address in the browser")
    .addHelpText("after", NOTES)
    .action((options: ServeOptions, command: Command) => run(command, (session) => serve(options, session)));
}

async function serve({ port, host, open }: ServeOptions, session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const { serveLab } = await import("#main/server/serveLab.ts");
  const lab = await session.openLab();
  const rendererFolder = fileURLToPath(new URL("../../../../out/renderer", import.meta.url));
  const server = await serveLab({ lab, rendererFolder, host, port, log: terminal.say });
  const stopped = waitForStop();
  if (session.json) terminal.printJsonLine({ url: server.url, port: server.port, token: server.token });
  else terminal.print(server.url);
  terminal.say("Ctrl-C ends the server; running jobs save a checkpoint first.");
  if (open === true) openInBrowser(server.url, terminal.warn);
  await stopped;
  terminal.say("Ending; once more ends at once.");
  await server.close();
  return EXIT_CODES.good;
}

function waitForStop(): Promise<void> {
  return new Promise((resolve) => watchStopSignals(() => resolve()));
}

/** The program of each system that opens an address; the address is an argument of its own, never part of a command line. */
const OPENERS: Partial<Readonly<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

function openInBrowser(url: string, warn: (line: string) => void): void {
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.unref();
  once(child, "spawn").catch((error: unknown) => {
    warn(`no browser could be opened: ${error instanceof Error ? error.message : String(error)}`);
  });
}
