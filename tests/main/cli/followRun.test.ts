import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";

import { beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { getRunPaths, readStatus } from "#main/store/runs/runFolder.ts";

import { startScript } from "#tests/helpers/runInProcess.ts";

/** Follows a search of the sample set whose name says how it ends, as `hinas search --jsonl` does. */
const SCRIPT = `
  import { followRun, sayEnd } from "#main/cli/followRun.ts";
  import { createTerminal } from "#main/cli/terminal.ts";
  import { createLab } from "#main/lab/lab.ts";
  import { searchConfigSchema } from "#shared/runs/config.ts";

  const [home, computeEntry, name] = process.argv.slice(1);
  const { stdout, stderr } = process;
  const terminal = createTerminal({ stdout, stderr, quiet: false, verbose: false, color: false });
  const lab = createLab({ home, computeEntry, log: () => {} });
  const config = searchConfigSchema.parse({ name, data: { maxPhotos: 3 } });
  const followed = await followRun(lab, () => lab.startSearch(config), { jsonLines: true }, { terminal });
  sayEnd(followed, { terminal });
  await lab.close();
  process.exitCode = followed.exitCode;
`;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "hinas-follow-"));
});

/** Resolves when a stream says something. */
function hears(stream: Readable, words: string): Promise<void> {
  return new Promise((resolveHeard) => {
    stream.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes(words)) resolveHeard();
    });
  });
}

function follow(ending: string) {
  const script = startScript(SCRIPT, home, resolve("tests/main/cli/steppingWorker.ts"), ending);
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const stepped = new Promise<void>((resolveStepped) => {
    script.child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes('"type":"step"')) resolveStepped();
    });
  });
  return { ...script, stepped };
}

describe("followRun", () => {
  it("prints every event as a line of JSON, talks of the progress, and exits with 0", async () => {
    const { code, output } = await follow("finish").ended;
    expect(code, output).toBe(0);
    const events = output.split("\n").filter((line) => line.startsWith("{"));
    const types = events.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.filter((type) => type === "step")).toHaveLength(20);
    expect(output).toMatch(/^search: \d+ % {2}\d+\/20 steps/m);
    expect(output).toContain("Finished at step 20 of 20.");
  });

  it("says why a run finished before its last step", async () => {
    const { code, output } = await follow("early").ended;
    expect(code, output).toBe(0);
    expect(output).toContain("Finished at step 5 of 20; stopped early at step 5.");
    expect(output).toMatch(/"type":"state","state":"finished","reason":"stopped early at step 5"/);
  });

  it("exits with 1 where the run failed, with the reason", async () => {
    const { code, output } = await follow("diverge").ended;
    expect(code, output).toBe(1);
    expect(output).toMatch(/^failed: .*diverged/m);
  });

  it.each([
    ["bad_data", 3],
    ["memory", 4],
    ["disk", 1],
  ] as const)("exits as a command that meets the trouble %s: with %d", async (kind, expected) => {
    const { code, output } = await follow(kind).ended;
    expect(code, output).toBe(expected);
    expect(output).toMatch(/^failed: search: ended as the test asked/m);
  });

  it("exits with 4 where the compute process ended by itself", async () => {
    const { code, output } = await follow("crash").ended;
    expect(code, output).toBe(4);
    expect(output).toMatch(/^interrupted: /m);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("asks the run to stop at the first %s and exits with %d", async (signal, code) => {
    const { child, stepped, ended } = follow("until stopped");
    await Promise.race([stepped, ended]);
    child.kill(signal);
    const { code: got, output } = await ended;
    expect(got, output).toBe(code);
    expect(output).toMatch(/^stopped: asked to stop at step \d+$/m);
    expect(output).toMatch(/^`hinas runs resume [0-9A-Z]{26}` goes on from the last checkpoint\.$/m);
  });

  it("takes the end of the terminal, which is told several times and takes its streams along, as one order", async () => {
    const { child, stepped, ended } = follow("until stopped");
    await Promise.race([stepped, ended]);
    const heard = hears(child.stderr, "once more ends at once");
    child.kill("SIGHUP");
    await Promise.race([heard, ended]);
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill("SIGHUP");
    expect((await ended).code).toBe(129);
    const [name = ""] = await readdir(join(home, "runs"));
    expect(await readStatus(getRunPaths(join(home, "runs", name)))).toMatchObject({ state: "stopped" });
  });

  it("ends at once at the second Ctrl-C", async () => {
    const { child, stepped, ended } = follow("deaf");
    await Promise.race([stepped, ended]);
    const warned = hears(child.stderr, "once more ends at once");
    child.kill("SIGINT");
    await Promise.race([warned, ended]);
    child.kill("SIGINT");
    const { code, output } = await ended;
    expect(code, output).toBe(130);
    expect(output).not.toContain("stopped:");
  });
});
