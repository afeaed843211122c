import { fileURLToPath } from "node:url";

import { followRun } from "#main/cli/followRun.ts";
import { createTerminal } from "#main/cli/terminal.ts";
import { openLoneRun } from "#main/lab/runs/runAlone.ts";

/** Does what `hinas run . --resume auto --data ROOT --until TIME` does, with a compute process without an engine. */
const [, folder = ".", , , , dataRoot = ".", , until] = process.argv.slice(2);
const { stdout, stderr } = process;
const terminal = createTerminal({ stdout, stderr, quiet: false, verbose: false, color: false });
const lone = openLoneRun(folder, {
  resume: "auto",
  dataRoot,
  mayChangeEngine: false,
  log: terminal.say,
  computeEntry: fileURLToPath(new URL("./scriptedWorker.ts", import.meta.url)),
});
const makeRoom = (): boolean => process.kill(process.pid, "SIGUSR1");
/** A timer that is to wait longer than it can would not wait at all. */
const waitMs = Math.min(Number(until) * 1000 - Date.now(), 2 ** 31 - 1);
const timer = until === undefined ? undefined : setTimeout(makeRoom, waitMs);
const { exitCode } = await followRun(lone, lone.start, { jsonLines: false, isPatient: true }, { terminal });
clearTimeout(timer);
await lone.close();
process.exitCode = exitCode;
