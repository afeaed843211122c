import { setTimeout as sleep } from "node:timers/promises";

import PQueue from "p-queue";

import { pickTellingLine } from "#main/processes/runProgram.ts";
import { type KeptProgram, openProgram } from "#main/processes/startProcess.ts";

/** Writes what lies beside the pixels of files: one process for many of them, which is ended when nobody needs it for a while. */
export interface Exiftool {
  /** Says in one sentence why it cannot run; null where it does. */
  findProblem(): Promise<string | null>;
  /** Does what these arguments say, after all that was asked before; returns null where it worked, else what went wrong. */
  run(args: readonly string[]): Promise<string | null>;
  /** Ends its process; it is started again where it is asked for more. */
  close(): Promise<void>;
}

/** How exiftool is called. */
interface Call {
  readonly command: string;
  readonly args: readonly string[];
}

/** Reading a photo of the largest size from a slow disk and writing it again stays far below. */
const TIMEOUT_MS = 120_000;

/** Longer than a person looks at a photo before the next is dropped or saved; it takes some 30 MB meanwhile. */
const IDLE_MS = 60_000;

/** It ends at once where it has nothing to do. */
const END_MS = 1_000;

const NOT_THERE = "exiftool did not come with this program";

/** What is kept where exiftool does not run. */
const KEPT_WITHOUT = "EXIF and XMP are kept in PNG, JPEG and WebP only, and IPTC nowhere";

/** It waits for lines with arguments; a configuration of the person's own, which is Perl code, has no say in results. */
const STAY = ["-config", "", "-stay_open", "True", "-@", "-"];
const FAREWELL = "-stay_open\nFalse\n";

/** What it is made to say on stderr at the end of a command, with the number of the command and its status. */
const DONE = /^\{done (\d+) (\d+)\}$/;

/** A line is an argument: what holds more than one, or is taken for something else, cannot be asked for. */
const NO_ARGUMENT = /[\r\n]|^(\s|#|$)/;

/** Prepares exiftool, which comes with the program; it is started on first use. */
export function createExiftool(idleMs: number = IDLE_MS): Exiftool {
  const queue = new PQueue({ concurrency: 1 });
  let kept: KeptProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  const close = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = kept;
    kept = null;
    await ending?.end();
  };
  const runNext = async (args: readonly string[]): Promise<string | null> => {
    clearTimeout(idle);
    if (kept?.hasEnded() !== false) {
      const call = await findCall();
      if (call === null) return NOT_THERE;
      kept = startExiftool(call);
    }
    const failure = await kept.run(args);
    idle = setTimeout(() => void close(), idleMs).unref();
    return failure;
  };
  const run = (args: readonly string[]): Promise<string | null> => queue.add(() => runNext(args));
  let isKnown = false;
  return {
    findProblem: async () => {
      const failure = isKnown ? null : await run(["-ver"]);
      isKnown = failure === null;
      if (failure === null) return null;
      return failure === NOT_THERE
        ? `${failure}: ${KEPT_WITHOUT}`
        : `${failure}, so ${KEPT_WITHOUT}; install Perl to keep all`;
    },
    run,
    close: () => queue.add(close),
  };
}

/** Finds exiftool and what runs it: Perl, which Linux and macOS have and Windows need not; null where exiftool is missing. */
async function findCall(): Promise<Call | null> {
  // Loaded when a photo is saved: it knows thousands of tags.
  const { exiftoolPath } = await import("exiftool-vendored");
  const path = await exiftoolPath().catch(() => null);
  if (path === null) return null;
  return path.endsWith(".exe") ? { command: path, args: [] } : { command: "perl", args: [path] };
}

/** A process of exiftool. */
interface KeptProcess {
  hasEnded(): boolean;
  /** To be called when the command before is done. */
  run(args: readonly string[]): Promise<string | null>;
  end(): Promise<void>;
}

function startExiftool({ command, args }: Call): KeptProcess {
  let said: string[] = [];
  let answer: (number: number, status: number) => void = () => undefined;
  let last = 0;
  let hasEnded = false;
  const start = { command, args: [...args, ...STAY], cwd: undefined, env: process.env, farewell: FAREWELL };
  const program = openProgram(start, (line) => {
    const [, number, status] = DONE.exec(line) ?? [];
    if (number === undefined) said.push(line);
    else answer(Number(number), Number(status));
  });
  const ended = program.ended.then((how) => {
    hasEnded = true;
    return said.length === 0 ? how : `${how}: ${pickTellingLine(said.join("\n"))}`;
  });
  return {
    hasEnded: () => hasEnded,
    run: async (wish) => {
      const refused = wish.find((arg) => NO_ARGUMENT.test(arg));
      if (refused !== undefined) return `exiftool cannot be told ${JSON.stringify(refused)}`;
      said = [];
      last += 1;
      const number = last;
      const done = new Promise<string | null>((resolve) => {
        answer = (of, status) => {
          if (of !== number) return;
          resolve(status === 0 ? null : `exiftool failed: ${pickTellingLine(said.join("\n"))}`);
        };
      });
      program.setNeeded(true);
      program.write(`${[...wish, "-echo4", `{done ${number} \${status}}`, "-execute"].join("\n")}\n`);
      const failure = await withinTime(program, [done, ended]);
      program.setNeeded(false);
      return failure;
    },
    end: async () => {
      program.setNeeded(true);
      program.disconnect();
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
      program.kill();
    },
  };
}

/** Waits for the first of them; a program that takes too long is killed. */
async function withinTime(program: KeptProgram, ends: readonly Promise<string | null>[]): Promise<string | null> {
  const stop = new AbortController();
  const late = sleep(TIMEOUT_MS, null, { signal: stop.signal }).then(() => {
    program.kill();
    return `exiftool came to no end after ${TIMEOUT_MS / 1000} s`;
  });
  late.catch(() => undefined);
  const failure = await Promise.race([...ends, late]);
  stop.abort();
  return failure;
}
