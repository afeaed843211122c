import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

import { ensureEngine } from "#main/engine/install/ensureEngine.ts";

import { BENCH_GRAPH } from "./benchNetwork.ts";
import type { JobMeasurement, Measurements, TorchMeasurement } from "./measurements.ts";
import { renderBench, renderTorch } from "./renderBench.ts";
import { measureTorch } from "./torchPeer.ts";
import { WORKLOADS } from "./workloads.ts";
import type { Workload } from "./workloads.ts";

/**
 * Measures the engine and the project's three heavy jobs, each in a process of its own so that its peak memory is its own.
 * `--json` prints one object, `--only NAME` (repeatable) measures a part, `--peers` measures the same network in PyTorch too.
 */
async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      peers: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
    },
  });
  const { env } = await ensureEngine({ log: (line) => process.stderr.write(`${line}\n`) });
  const wanted = WORKLOADS.filter(
    (name) => name === "engine" || values.only.length === 0 || values.only.includes(name),
  );
  const measurements: Measurements = Object.assign({}, ...wanted.map((name) => ({ [name]: measure(name, env) })));
  const torch = values.peers ? measurePeers(env) : null;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...withShares(measurements), ...(torch === null ? {} : { torch }) }, null, 2)}\n`
      : `${renderBench(measurements)}${torch === null ? "" : renderTorch(measurements, torch)}`,
  );
}

function measurePeers(env: NodeJS.ProcessEnv): TorchMeasurement | string {
  process.stderr.write("measuring PyTorch\n");
  return measureTorch(BENCH_GRAPH, env);
}

/** Runs one workload in a child and reads the JSON on its last line. */
function measure(name: Workload, env: NodeJS.ProcessEnv): unknown {
  process.stderr.write(`measuring ${name}\n`);
  const script = fileURLToPath(new URL("./runWorkload.ts", import.meta.url));
  const child = spawnSync(process.execPath, ["--disable-warning=DEP0044", script, name], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last = child.stdout.trim().split("\n").at(-1) ?? "";
  if (child.status !== 0 || last === "") {
    throw new Error(`bench: ${name} failed with ${child.status ?? child.signal}\n${child.stderr}`);
  }
  return JSON.parse(last) as unknown;
}

/** Adds to each job the share of the engine's own best rate that it reaches. */
function withShares(measurements: Measurements): object {
  const { engine, ...jobs } = measurements;
  const shared = Object.entries(jobs).map(([name, job]: [string, JobMeasurement]) => [
    name,
    { ...job, shareOfPeak: job.gflop / job.seconds / engine.peakGflops },
  ]);
  return { engine, ...(Object.fromEntries(shared) as object) };
}

await bench();
