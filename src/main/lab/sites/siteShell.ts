import { mkdir } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";

import { runApart } from "#main/processes/startProcess.ts";
import { LabError } from "#shared/labError.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

import { explainTrouble } from "./explainTrouble.ts";

/** That a command could not be done at a site, in words. */
export class SiteTrouble extends LabError {
  /** True where the line failed, so that nobody knows what was done at the other end. */
  readonly isLine: boolean;

  constructor(site: string, failure: string) {
    super("site", `site ${site}: ${explainTrouble(failure)}`);
    this.isLine = LINE_LOST.test(failure);
  }
}

/** `ssh` ends with 255 for all that is its own, rsync with these where the connection failed or stood still; a lost process says nothing. */
const LINE_LOST = /^ssh ended with (code 255|no end|SIG)|^rsync ended with (code (10|12|30|35|255)|no end|SIG)/;

/** Which files go with a folder. */
export interface CopyOptions {
  /** Patterns of rsync, the first that fits counts. */
  readonly exclude?: readonly string[];
  /** A file with the names of the files to take, a line each; without it all are taken. */
  readonly filesFrom?: string;
}

/** A way into a site by the system's `ssh` and `rsync`. */
export interface SiteShell {
  /** Runs a command in the site's shell and returns what it printed. Throws SiteTrouble. */
  run(command: string): Promise<string>;
  /** Copies a folder's content there; what was cut off goes on where it was. Throws SiteTrouble. */
  push(from: string, to: string, options?: CopyOptions): Promise<void>;
  /** Copies a folder's content from there. Throws SiteTrouble. */
  pull(from: string, to: string, options?: CopyOptions): Promise<void>;
}

const COMMAND_MS = 120_000;
/** A data set of some gigabytes over a slow line. */
const COPY_MS = 6 * 60 * 60_000;

/** A copy of which nothing comes for so long stands still, for whatever reason: others wait for it. */
const STILL_SECONDS = 300;

/** One connection serves all commands of ten minutes; a line that is dead is noticed after a minute. */
const LINE_OPTIONS = ["ConnectTimeout=20", "ServerAliveInterval=20", "ServerAliveCountMax=3"];
const SHARED_LINE = ["ControlMaster=auto", "ControlPath=~/.ssh/hinas-%C", "ControlPersist=600"];

/** Makes the folder of the shared line's socket where it is missing: ssh would give up. False where it cannot be made, and on Windows. */
async function canShareLine(): Promise<boolean> {
  if (process.platform === "win32") return false;
  // As ssh does, this takes the account's own home, whatever HOME says.
  const folder = join(userInfo().homedir, ".ssh");
  return mkdir(folder, { recursive: true, mode: 0o700 }).then(
    () => true,
    () => false,
  );
}

/** Lists the options of ssh; nobody can answer questions of a program that runs in the background. */
async function listSshOptions(isAttended: boolean): Promise<readonly string[]> {
  const shared = (await canShareLine()) ? SHARED_LINE : [];
  const options = [`BatchMode=${isAttended ? "no" : "yes"}`, ...LINE_OPTIONS, ...shared];
  return options.flatMap((option) => ["-o", option]);
}

/** Opens the way into a site; with `isAttended` ssh may ask a person at the terminal. Nothing is connected before the first command. */
export function openSiteShell(site: string, profile: SiteProfile, isAttended = false): SiteShell {
  let options: Promise<readonly string[]> | null = null;
  const getSshOptions = (): Promise<readonly string[]> => (options ??= listSshOptions(isAttended));
  const dataHost = profile.dataHost ?? profile.host;
  const start = async (command: string, args: readonly string[], timeoutMs: number): Promise<string> => {
    const result = await runApart({ command, args, cwd: undefined, env: process.env, timeoutMs }, null);
    if (result.failure !== null) throw new SiteTrouble(site, result.failure);
    return result.stdout;
  };
  const copy = async (from: string, to: string, { exclude = [], filesFrom }: CopyOptions = {}): Promise<void> => {
    const filters = [
      ...exclude.map((each) => `--exclude=${each}`),
      ...(filesFrom === undefined ? [] : [`--files-from=${filesFrom}`]),
    ];
    const shell = ["--rsh", ["ssh", ...(await getSshOptions())].join(" ")];
    await start(
      "rsync",
      [
        "--archive",
        "--partial",
        "--compress",
        `--timeout=${STILL_SECONDS}`,
        ...shell,
        ...filters,
        `${from}/`,
        `${to}/`,
      ],
      COPY_MS,
    );
  };
  return {
    run: async (command) => start("ssh", [...(await getSshOptions()), profile.host, command], COMMAND_MS),
    push: (from, to, options) => copy(from, `${dataHost}:${to}`, options),
    pull: (from, to, options) => copy(`${dataHost}:${from}`, to, options),
  };
}
