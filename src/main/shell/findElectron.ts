import { spawn } from "node:child_process";

/** A way to open windows, or why there is none. */
export type FoundElectron = { readonly program: string } | { readonly reason: string };

/** Electron's package names its program and downloads it first where it is missing. */
const ASK_PACKAGE = `process.stdout.write("\\n" + require("electron"));`;
/** A download of a hundred megabytes. */
const PATIENCE_MS = 300_000;

/** Finds Electron's program. `folder` is where the package is looked for; without a display nothing is downloaded. */
export async function findElectron(folder: string, env: NodeJS.ProcessEnv): Promise<FoundElectron> {
  const hasDisplay = process.platform !== "linux" || Boolean(env["DISPLAY"]) || Boolean(env["WAYLAND_DISPLAY"]);
  if (!hasDisplay) return { reason: "this computer has no display" };
  const { code, output } = await run(process.execPath, ["-e", ASK_PACKAGE], folder, env);
  const lines = output.trim().split("\n");
  const program = lines.at(-1) ?? "";
  return code === 0 ? { program } : { reason: `Electron's program could not be had: ${findCause(lines)}` };
}

function run(
  program: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, env, timeout: PATIENCE_MS, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** The first line that reads like an error; a stack trace says the rest. */
function findCause(lines: readonly string[]): string {
  const cause = lines.find((line) => /error|cannot find|failed/i.test(line)) ?? lines[0] ?? "";
  return cause.trim() === "" ? "its package is not installed" : cause.trim();
}
