import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { createLab } from "#main/lab/lab.ts";
import { evaluationConfigSchema, searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { writePhotos } from "#tests/trials/support/folders.ts";

import { describeHome } from "./describeHome.ts";

/**
 * Writes a home as this version of the program makes it, `node tests/trials/homes/makeHome.ts VERSION`, to be kept for
 * later versions to open: before each release, and never again after it.
 */
const version = process.argv[2] ?? "";
const root = join(tmpdir(), `hinas-home-${version}`);
const home = join(root, "home");
await rm(root, { recursive: true, force: true });
await mkdir(home, { recursive: true });
const photos = await writePhotos(join(root, "photos"), 5, 32);
const noise = { kind: "gaussian", sigma255: 30 } as const;
const data = { dataset: "kept" };

let trainedId = "";
const lab = createLab({ home, log: (line) => process.stderr.write(`${line}\n`) });
try {
  await lab.addDataset({ name: "kept", folder: photos, noisyFolder: null });
  await lab.saveNoiseProfile({ name: "my camera", noise });
  const primitives = ["conv_3x3", "skip_connect", "none"];
  const space = { layers: 2, nodes: 1, filters: 2, widthFactors: [1, 2], primitives };
  const search = { epochs: 3, warmupEpochs: 1, batchSize: 1, patchSize: 16 };
  const searched = await lab.startSearch(searchConfigSchema.parse({ name: "kept search", noise, data, space, search }));
  await lab.waitForRun(searched.id);
  await lab.derive(searched.id, null);
  const training = { steps: 20, batchSize: 1, patchSize: 16, validateEverySteps: 10, checkpointEverySteps: 10 };
  const network = { filters: 2 };
  const config = trainConfigSchema.parse({ name: "kept training", noise, data, network, training });
  const trained = await lab.startTraining(config, TINY_GENOTYPE);
  trainedId = trained.id;
  await lab.waitForRun(trained.id);
  await lab.evaluate(trained.id, evaluationConfigSchema.parse({ noise, data }), null);
  const known = await describeHome(lab);
  await writeFile(resolve(`tests/trials/homes/${version}.json`), `${JSON.stringify(known, null, 2)}\n`);
} finally {
  await lab.close();
}
const archive = resolve(`tests/trials/homes/${version}.tar.gz`);
// What only a continuation of the training needs is large, and tests/main/compute/checkpoint keeps such files already.
const left = ["last", "step-*"].map((name) => `--exclude=run-${trainedId}/checkpoints/${name}.safetensors`);
execFileSync("tar", [...left, "--owner=0", "--group=0", "--numeric-owner", "-czf", archive, "-C", root, "home"]);
await rm(root, { recursive: true });
