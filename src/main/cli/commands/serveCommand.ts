import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Option, type Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import { openInBrowser } from "#main/cli/openInBrowser.ts";
import { engineDeviceOption, parsePort, runsAtOnceOption } from "#main/cli/optionValues.ts";
import { warmStarter } from "#main/processes/startProcess.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { watchStopSignals } from "#main/cli/stopSignals.ts";
import { getHomePaths } from "#main/store/labHome.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly open?: boolean;
  readonly photos?: readonly string[];
  readonly newToken?: boolean;
}

/** Not used by anything well known. */
const DEFAULT_PORT = 8437;

const NOTES = `
The address holds a token; whoever has it can use the lab as you can. It stays the same, so that bookmarks and open tabs come back after
a restart, until --new-token makes another. Without --host only this computer is let in:
from another one, tunnel to it (ssh -L ${DEFAULT_PORT}:localhost:${DEFAULT_PORT} HOST) and open the address as it is printed.

A window sees the lab's home, the data sets that are registered, and what is uploaded. New data sets it finds below your own
folder, or with --photos below the folders that you name and nowhere else; data sets that you registered stay open. Whoever
has the token can also start runs, and fill the disk.

Examples:
  hinas serve --open
  hinas serve --photos /data/photos --photos /data/pairs
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
    .option("--new-token", "make a new token: addresses and tabs with the old one are shut out")
    .option(
      "--photos <folder>",
      "let windows look for photos below this folder and not below yours; may be given again",
      (folder: string, before?: readonly string[]) => [...(before ?? []), folder], // none before the first
    )
    .addOption(engineDeviceOption())
    .addOption(runsAtOnceOption())
    .addHelpText("after", NOTES)
    .action((options: ServeOptions, command: Command) => run(command, (session) => serve(options, session)));
}

async function serve({ port, host, open, photos, newToken }: ServeOptions, session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const { serveLab } = await import("#main/server/serveLab.ts");
  const { getServeToken } = await import("#main/store/serveToken.ts");
  warmStarter();
  const lab = await session.openLab();
  const rendererFolder = fileURLToPath(new URL("../../../../out/renderer", import.meta.url));
  const roots = photos?.map((folder) => resolve(session.surroundings.workingFolder, folder));
  const server = await serveLab({
    lab,
    rendererFolder,
    host,
    port,
    uploadsFolder: getHomePaths(session.home).uploads,
    token: await getServeToken(session.home, newToken === true),
    ...(roots === undefined ? {} : { photoRoots: roots }),
    log: terminal.say,
  });
  const stopped = waitForStop();
  if (session.json) terminal.printJsonLine({ url: server.url, port: server.port, token: server.token });
  else terminal.print(server.url);
  terminal.say("Ctrl-C ends the server; running jobs save a checkpoint first.");
  const removePage = open === true ? await openInBrowser(server.url, terminal.warn) : null;
  lab.watchSites();
  await Promise.race([stopped, lab.queueAgain()]);
  await stopped;
  terminal.say("Ending; once more ends at once.");
  await removePage?.();
  await server.close();
  return EXIT_CODES.good;
}

function waitForStop(): Promise<void> {
  return new Promise((resolve) => watchStopSignals(() => resolve()));
}
