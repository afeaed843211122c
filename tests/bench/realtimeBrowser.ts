import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Above all that a busy machine does of its own accord, below the kernel. */
const PRIORITY = 20;

/**
 * Writes a command that starts a browser ahead of whatever else the machine does, so that its own work is measured and
 * not its waiting. Linux only, and only where `chrt` may be used.
 */
export async function writeRealtimeBrowser(executable: string, folder: string): Promise<string> {
  const command = join(folder, "browser.sh");
  await writeFile(command, `#!/bin/sh\nexec chrt -r ${PRIORITY} "${executable}" "$@"\n`, { mode: 0o755 });
  return command;
}
