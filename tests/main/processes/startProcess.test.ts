import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { runApart, startProcess } from "#main/processes/startProcess.ts";

import { findChildren, findParent, isThere } from "#tests/helpers/childProcesses.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

const ENTRY = join(process.cwd(), "tests/helpers/smallWorker.ts");
const NODE = { command: process.execPath, cwd: undefined, env: process.env, timeoutMs: 60_000 };

function start() {
  const child = startProcess(
    { entry: ENTRY, env: process.env, execArgv: [] },
    { onMessage: () => undefined, onLine: () => undefined },
  );
  onTestFinished(() => child.kill());
  return child;
}

async function whenStarted({ getPid }: ReturnType<typeof start>): Promise<number> {
  await expect.poll(() => getPid() !== null, { timeout: 20_000 }).toBe(true);
  return getPid() ?? NaN;
}

describe.skipIf(process.platform === "win32")("processes of a process that holds large photos", () => {
  it("are started by a small one, for to start one costs as much as the starting one is large", async () => {
    const worker = await findParent(await whenStarted(start()));
    const { stdout } = await runApart({ ...NODE, args: ["-p", "process.ppid"] }, null);
    expect(worker).not.toBe(process.pid);
    expect(Number(stdout)).toBe(worker);
    expect(await findParent(worker ?? NaN)).toBe(process.pid);
  });

  it("are told to have ended where the one that starts them is killed, and others are started after that", async () => {
    const child = start();
    const starter = await findParent(await whenStarted(child));
    process.kill(starter ?? NaN, "SIGKILL");
    expect(await child.ended).toBe("the process that starts others has ended");
    const { stdout } = await runApart({ ...NODE, args: ["-p", "6 * 7"] }, null);
    expect(stdout).toBe("42\n");
  });

  it("end with it, also in the middle of an op in which they hear nothing", async () => {
    const script = `
      import { startComputeHost } from "#main/compute/host.ts";
      const nothing = () => undefined;
      const listener = { onEvent: nothing, onSample: nothing, onTile: nothing };
      const engine = { env: process.env, routes: [] };
      const host = startComputeHost({ engine, listener, log: nothing, entry: process.argv[1] });
      await host.compute.clearPhotos();
      void host.compute.peakResidentMb();
      console.log("busy");
      setInterval(nothing, 1000);`;
    const { child, ended } = startScript(script, ENTRY);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const [worker = NaN] = await findChildren(child.pid ?? NaN, "smallWorker");
    expect(isThere(worker)).toBe(true);
    child.kill("SIGKILL");
    await ended;
    await expect.poll(() => isThere(worker), { timeout: 20_000 }).toBe(false);
  });

  it("do not keep it from ending when they have ended", async () => {
    const script = `
      import { runApart } from "#main/processes/startProcess.ts";
      const start = { command: process.execPath, args: ["-p", "1"], cwd: undefined, env: process.env, timeoutMs: 60_000 };
      console.log((await runApart(start, null)).stdout);`;
    expect(await startScript(script).ended).toMatchObject({ code: 0, output: "1\n\n" });
  });
});
