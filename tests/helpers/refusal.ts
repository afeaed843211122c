import { spawnSync } from "node:child_process";

/** The user and group `nobody`, whom root becomes where something is to be refused. */
const NOBODY = 65_534;

const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** False where nobody would be refused: on Windows, and for root where `nobody` may not read this checkout. */
export const CAN_BE_REFUSED =
  process.platform !== "win32" &&
  (process.getuid?.() !== 0 || runUnprivileged('import "sharp"; import "#shared/labError.ts";').status === 0);

/**
 * Runs TypeScript that ends with a refusal in a process without root's rights, with the project's import names, and
 * returns the error's kind as the process printed it, or everything that it said where it printed none.
 */
export function findRefusal(imports: string, act: string, path: string): string {
  const script = `
    ${imports}
    const [path] = process.argv.slice(1);
    try {
      ${act};
      console.log("not refused");
    } catch (error) {
      console.log(error.kind ?? error);
    }`;
  const { stdout, stderr } = runUnprivileged(script, path);
  return stdout === "" ? stderr : stdout.trim();
}

function runUnprivileged(script: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script, ...args], {
    ...identity,
    cwd: process.cwd(),
    encoding: "utf8",
  });
}
