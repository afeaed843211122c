import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** A cluster of one node with Debian's Slurm, which this computer logs in to by ssh. */
export interface Cluster {
  /** The folder that a site's profile names. */
  readonly scratch: string;
  /** Where the cluster keeps its own files; see cluster.sh. */
  readonly root: string;
  /** Runs one of Slurm's programs and returns what it printed. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** Lets the line be lost the next time that it comes there. */
  loseLine(where: "before-sbatch" | "after-sbatch" | "in-copy"): Promise<void>;
  /** Ends the connection that all commands share, as an hour without any does. */
  hangUp(): Promise<void>;
  /** Ends all of it and removes what it left. */
  stop(): Promise<void>;
}

/** A free computer takes two seconds. */
const START_MS = 60_000;
const STOP_MS = 30_000;

/**
 * Starts a cluster, and puts its ssh in front of the path until it is stopped. Where this computer cannot, `skipped` says why, to stand
 * behind the title of the tests, and nothing can be done with the cluster but to stop it; with `HINAS_SLURM=required` in the
 * environment it throws instead.
 */
export async function startCluster(): Promise<{ readonly cluster: Cluster; readonly skipped: string }> {
  const root = await mkdtemp(join(tmpdir(), "hinas-slurm-"));
  const script = join(process.cwd(), "tests/slurm/cluster.sh");
  const child = spawn("bash", [script, root], { stdio: ["pipe", "pipe", "ignore"], detached: true });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const answer = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    void ended.then(() => resolve("cannot: bash is not there"));
    setTimeout(() => resolve("cannot: it takes more than a minute"), START_MS).unref();
  });
  const before = process.env["PATH"];
  const stop = async (): Promise<void> => {
    process.env["PATH"] = before;
    child.stdin.end();
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(late);
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  };
  if (answer !== "ready") {
    await stop();
    const reason = answer.replace(/^cannot: /, "");
    if (process.env["HINAS_SLURM"] === "required") throw new Error(`slurm: ${reason}`);
    process.stderr.write(`slurm: the tests with a real Slurm are skipped: ${reason}\n`);
    const run = (): Promise<never> => Promise.reject(new Error(reason));
    const cluster = { scratch: "", root: "", run, loseLine: run, hangUp: run, stop: () => Promise.resolve() };
    return { cluster, skipped: ` (skipped: ${reason})` };
  }
  process.env["PATH"] = `${join(root, "client")}:${before ?? ""}`;
  const execute = promisify(execFile);
  const env = { ...process.env, SLURM_CONF: join(root, "slurm.conf") };
  const cluster: Cluster = {
    scratch: join(root, "scratch"),
    root,
    run: async (program, ...args) => (await execute(program, args, { env, timeout: 30_000 })).stdout.trim(),
    loseLine: (where) => writeFile(join(root, "faults", where), ""),
    hangUp: async () => {
      // Nobody to hang up on is as good.
      await execute("ssh", ["-o", "ControlPath=~/.ssh/hinas-%C", "-O", "exit", "cluster"]).catch(() => undefined);
    },
    stop,
  };
  return { cluster, skipped: "" };
}

/** What a job needs of this process's environment to find the same engine. */
const PASSED_ON = /^(HOME|XDG_CACHE_HOME|HINAS_CACHE|TF_NUM_.*)$/;

/** Writes the profile of a site, whose runs have the real engine or keep to their script; `lines` are for its preamble. */
export function profileOf(
  { scratch }: Cluster,
  engine: "tensorflow" | "scripted",
  more = "",
  lines: readonly string[] = [],
): string {
  const entry = join(process.cwd(), engine === "scripted" ? "tests/helpers/loneRunner.ts" : "src/main/cli.ts");
  const passed = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
  const preamble = [...passed.map(([name, value]) => `export ${name}='${value ?? ""}'`), ...lines];
  return [
    "schema: hinas.site\nversion: 1\nkind: slurm\nhost: cluster",
    `folder: ${scratch}`,
    `hinas: ${process.execPath} ${entry}`,
    `preamble: ${JSON.stringify(preamble)}`,
    "cpus: 2",
    more.includes("time:") ? "" : "time: 10:00",
    more,
    "",
  ].join("\n");
}
