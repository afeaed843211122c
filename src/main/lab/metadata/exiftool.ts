import { runApart } from "#main/processes/startProcess.ts";

/** How exiftool is called, or in one sentence why it cannot be. */
export type Exiftool = { readonly command: string; readonly args: readonly string[] } | { readonly problem: string };

/** Reading a photo of the largest size from a slow disk and writing it again stays far below. */
const TIMEOUT_MS = 120_000;

/** What is kept where exiftool does not run. */
const KEPT_WITHOUT = "EXIF and XMP are kept in PNG, JPEG and WebP only, and IPTC nowhere";

let found: Promise<Exiftool> | null = null;

/** Finds exiftool, which comes with the program, and what runs it: Perl, which Linux and macOS have and Windows need not. Asks once. */
export function findExiftool(): Promise<Exiftool> {
  found ??= tryExiftool();
  return found;
}

/** Runs exiftool; returns null where it worked, else what it said. */
export async function runExiftool(tool: Exiftool, args: readonly string[]): Promise<string | null> {
  if ("problem" in tool) return tool.problem;
  const { command, args: first } = tool;
  return (await run(command, [...first, ...args])).failure;
}

async function tryExiftool(): Promise<Exiftool> {
  // Loaded when a photo is saved: it knows thousands of tags.
  const { exiftoolPath } = await import("exiftool-vendored");
  const path = await exiftoolPath().catch(() => null);
  if (path === null) return { problem: `exiftool did not come with this program: ${KEPT_WITHOUT}` };
  const tool = path.endsWith(".exe") ? { command: path, args: [] } : { command: "perl", args: [path] };
  const { failure } = await run(tool.command, [...tool.args, "-ver"]);
  return failure === null ? tool : { problem: `${failure}, so ${KEPT_WITHOUT}; install Perl to keep all` };
}

function run(command: string, args: readonly string[]) {
  return runApart({ command, args, cwd: undefined, env: process.env, timeoutMs: TIMEOUT_MS }, null);
}
