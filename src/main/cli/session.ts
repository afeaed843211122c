import { resolve } from "node:path";

import { CommanderError, type Command } from "commander";

import type { EngineDevice } from "#shared/api/engineDevice.ts";
import type { Lab } from "#shared/api/lab.ts";

import type { ExitCode } from "./exitCodes.ts";
import { reportFailure } from "./failure.ts";
import type { EngineDeviceChoice } from "./optionValues.ts";
import { allowsColor, createTerminal, type Terminal, type TextStream } from "./terminal.ts";

/** The outside of the command line. */
export interface Surroundings {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly presetsFolder: string;
  readonly version: string;
  /** True where a person sits at the terminal and can answer. */
  readonly isAttended: boolean;
}

/** What one command works with. */
export interface Session {
  readonly terminal: Terminal;
  /** True where the person wants one JSON object on stdout instead of text. */
  readonly json: boolean;
  /** The lab's home folder. */
  readonly home: string;
  /** What the person told this command to compute on; null leaves it to the preferences. */
  readonly device: EngineDevice | null;
  readonly surroundings: Surroundings;
  /** Opens the lab on first use; the session closes it. */
  openLab(): Promise<Lab>;
}

/** The options that every command has. */
interface GlobalOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
  /** Of commands that do several runs. */
  readonly runsAtOnce?: number;
  /** Of commands that start the engine; those of onnxruntime go by names. */
  readonly device?: EngineDeviceChoice | string;
}

/** Runs a command's body in a session of its own, and keeps its exit code. */
export type RunCommand = (command: Command, body: (session: Session) => Promise<ExitCode>) => Promise<void>;

/** Makes the runner of commands; failures are reported on stderr and become exit codes. */
export function createRunner(surroundings: Surroundings, setExitCode: (code: ExitCode) => void): RunCommand {
  return async (command, body) => {
    const options = command.optsWithGlobals<GlobalOptions>();
    const terminal = createTerminal({
      stdout: surroundings.stdout,
      stderr: surroundings.stderr,
      quiet: options.quiet === true,
      verbose: options.verbose === true,
      color: options.color && allowsColor(surroundings.env),
    });
    try {
      setExitCode(await runInSession(body, options, terminal, surroundings));
    } catch (error) {
      if (error instanceof CommanderError) throw error;
      setExitCode(reportFailure(error, terminal, options.json === true));
    }
  };
}

async function runInSession(
  body: (session: Session) => Promise<ExitCode>,
  options: GlobalOptions,
  terminal: Terminal,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { getLabHome } = await import("#main/store/labHome.ts");
  const home = getLabHome(
    options.home === undefined
      ? { ...surroundings.env }
      : { ...surroundings.env, HINAS_HOME: resolve(surroundings.workingFolder, options.home) },
  );
  const device = typeof options.device === "object" ? options.device.engine : null;
  let lab: Promise<Lab> | null = null;
  const openLab = (): Promise<Lab> => (lab ??= loadLab(home, { device, runsAtOnce: options.runsAtOnce }, terminal));
  try {
    return await body({ terminal, json: options.json === true, home, device, surroundings, openLab });
  } finally {
    const opened = lab as Promise<Lab> | null;
    await opened?.then((open) => open.close());
  }
}

/** What the person told this command beside the preferences. */
interface Wishes {
  readonly device: EngineDevice | null;
  readonly runsAtOnce: number | undefined;
}

async function loadLab(home: string, { device, runsAtOnce }: Wishes, terminal: Terminal): Promise<Lab> {
  const { createLab } = await import("#main/lab/lab.ts");
  return createLab({
    home,
    log: terminal.say,
    ...(device === null ? {} : { device }),
    ...(runsAtOnce === undefined ? {} : { runsAtOnce }),
  });
}
