/**
 * Runs the checks that read the code and run nothing of it, as many at a time as there are cores: each uses only one. All are
 * run, whatever fails, and what each said is printed when it ends.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";

import PQueue from "p-queue";

/** Scripts of package.json, the longest first, so that no core is idle at the end. */
const CHECKS = ["lint", "types:tests", "types:renderer", "types:main", "format:check", "types:shared", "build"];

/** Runs a script of package.json and says whether it passed. */
async function runCheck(name: string): Promise<boolean> {
  const begin = performance.now();
  const child = spawn("npm", ["run", name], {
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32", // where npm is a batch file
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  process.stdout.write(`${Buffer.concat(said).toString()}${name}: ${code === 0 ? "passed" : "failed"}, ${seconds} s\n`);
  return code === 0;
}

// Each takes up to 3 GB.
const queue = new PQueue({ concurrency: Math.min(4, availableParallelism()) });
const passed = await queue.addAll(CHECKS.map((name) => () => runCheck(name)));
process.exitCode = passed.every(Boolean) ? 0 : 1;
