import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

import { describeRun, listTree } from "./describeRun.ts";
import { type JobResult, type LabJob, tellResult } from "./labJob.ts";

const noise = { kind: "gaussian", sigma255: 30 } as const;
const searchOf = (dataset: string) =>
  searchConfigSchema.parse({
    noise,
    data: { dataset },
    space: { layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], primitives: ["conv_3x3", "skip_connect", "none"] },
    search: { epochs: 12, warmupEpochs: 2, batchSize: 1, patchSize: 16, checkpointEverySteps: 3 },
  });
const trainingOf = (dataset: string) =>
  trainConfigSchema.parse({
    noise,
    data: { dataset },
    network: { filters: 2 },
    training: {
      steps: 60,
      batchSize: 2,
      patchSize: 16,
      optimiser: { kind: "adam" },
      averagingDecay: 0.9,
      validateEverySteps: 20,
      checkpointEverySteps: 7,
    },
  });

/** The lock of a killed process, and a worker that outlives its host, are waited for so long, on a busy machine too. */
const BUSY_MS = 120_000;

const JOBS: Readonly<Record<LabJob["kind"], (lab: Lab, job: LabJob) => Promise<JobResult>>> = {
  search: (lab, { photos }) => runOnce(lab, () => lab.startSearch(searchOf(photos))),
  train: (lab, { photos }) => runOnce(lab, () => lab.startTraining(trainingOf(photos), TINY_GENOTYPE)),
  evaluate: async (lab, { home, photos }) => {
    const [model] = (await lab.listRuns()).filter(({ kind }) => kind === "train");
    const before = await lab.listEvaluations({ runId: null });
    const config = evaluationConfigSchema.parse({ noise, data: { dataset: photos } });
    if (before.length === 0) await lab.evaluate(String(model?.id), config, null);
    const [evaluation, ...more] = await lab.listEvaluations({ runId: null });
    const shown = evaluation === undefined ? null : await lab.showEvaluation(evaluation.id);
    const images = shown?.images.map(({ name, denoised }) => [name, denoised]);
    const files = (await listTree(home)).filter((path) => path.includes("/evaluations/"));
    return { isDone: true, digest: { images, more: more.length, files: files.length, halves: halvesOf(files) } };
  },
  denoise: async (lab, { photos, output }) => {
    const [model] = (await lab.listRuns()).filter(({ kind }) => kind === "train");
    const settings = { strength: 1, memoryBudgetMb: 1024, format: null, bitDepth: null, addNoise: null, noiseSeed: 0 };
    const wish = { model: String(model?.id), inputs: [photos], outputFolder: output };
    const files = await lab.denoise(
      { ...settings, ...wish, sigma255: null, selfEnsemble: false, device: null },
      () => undefined,
    );
    const isDone = files.every(({ error }) => error === null);
    return { isDone, digest: { files: await hashFiles(output) } };
  },
  import: async (lab, { home, photos }) => {
    const report = await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
    return {
      isDone: true,
      digest: {
        report: { ...report, addedAt: null },
        cards: await readdir(join(home, "datasets")),
        names: await lab.listDatasetNames(),
      },
    };
  },
  engine: async (_, { output, wheels }) => {
    const [cacheFolder, packageFolder] = [join(output, "cache"), join(output, "package")];
    const options = { cacheFolder, packageFolder, retry: true, log: () => undefined };
    const { native, routes } = await ensureEngine(wheels === null ? options : { ...options, wheels });
    const trees = [await readdir(join(cacheFolder, "engine")), await readdir(packageFolder)];
    if (!native) throw new Error(JSON.stringify(routes));
    return { isDone: true, digest: { trees } };
  },
  rebuild: async (lab) => {
    const { problems } = await lab.rebuildStore();
    return { isDone: true, digest: { problems } };
  },
};

/** Begins the only run of a home, or takes it up where it was broken off, and waits for its end. */
async function runOnce(lab: Lab, start: () => Promise<{ readonly id: string }>): Promise<JobResult> {
  const [before] = await lab.listRuns();
  if (before === undefined) await start();
  else if (before.state !== "finished") await resumeWhenFree(lab, before);
  const [run, ...more] = await lab.listRuns();
  if (run === undefined) throw new Error("the run is not in the index");
  const ended = await lab.waitForRun(run.id);
  const isDone = ended.state === "finished";
  return {
    isDone,
    digest: isDone
      ? { ...(await describeRun(lab, ended)), more: more.length }
      : { state: ended.state, reason: ended.reason },
  };
}

async function resumeWhenFree(lab: Lab, { id }: RunSummary): Promise<void> {
  const end = performance.now() + BUSY_MS;
  for (;;) {
    // Another process may end the run between any two of these lines.
    if ((await lab.showRun(id)).state === "finished") return;
    try {
      await lab.resumeRun(id);
      return;
    } catch (error) {
      if ((await lab.showRun(id)).state === "finished") return;
      const mayWait = error instanceof LabError && error.kind === "busy" && performance.now() < end;
      if (!mayWait) throw error;
      await sleep(200);
    }
  }
}

function halvesOf(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path.endsWith(".tmp"));
}

async function hashFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  const names = existsSync(folder) ? await readdir(folder) : [];
  // What another process is writing has its temporary name still; what nobody goes on with is found at the end.
  for (const name of names.filter((each) => !each.endsWith(".tmp"))) {
    hashes[name] = createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
  }
  return hashes;
}

const job = JSON.parse(process.argv[2] ?? "") as LabJob;
const entry = job.worker === "scripted" ? { computeEntry: resolve("tests/helpers/scriptedWorker.ts") } : {};
const lab = createLab({ home: job.home, log: (line) => process.stderr.write(`${line}\n`), ...entry });
try {
  tellResult(await JOBS[job.kind](lab, job));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`REFUSED ${error.kind}: ${error.message}\n`);
  process.exitCode = 3;
} finally {
  await lab.close();
}
