import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { JobControl } from "#main/compute/job/jobControl.ts";
import { ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { generateSamplePhoto, SAMPLE_SET } from "#shared/image/sampleSet.ts";
import { toGrey } from "#shared/image/grey.ts";
import type { NamedPhoto } from "#shared/image/photo.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";
import { asCells } from "#shared/space/spaces/spaces.ts";

import { configOfStudy, METHODS, type Outcome, outcomeSchema, shareOf, toTable } from "./collapseMethods.ts";

const HELP = `node tests/studies/collapse.ts --out FOLDER [--seeds 5] [--methods ${Object.keys(METHODS).join(",")}]
Searches with each method and seed, and prints how much noise and how many skips they keep. Begins where it was ended.`;

/** Side of the photos: enough for patches of 32 pixels. */
const SIDE_PX = 96;
const PHOTOS = { weights: [0, 20], architecture: [20, 40], validation: [40, 44], training: [0, 0] } as const;

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "" },
    seeds: { type: "string", default: "5" },
    methods: { type: "string", default: Object.keys(METHODS).join(",") },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.out === "") {
  process.stdout.write(`${HELP}\n`);
} else {
  await measure(values.out, values.methods.split(","), Number(values.seeds));
}

async function measure(out: string, methods: readonly string[], seeds: number): Promise<void> {
  const file = join(out, "outcomes.jsonl");
  await mkdir(out, { recursive: true });
  const done = await readOutcomes(file);
  // The libraries of the engine are found by the environment, which must be set before it is loaded.
  Object.assign(process.env, (await ensureEngine({ log: () => undefined })).env);
  // Seed by seed, so that an early end has as many of each method.
  for (let seed = 1; seed <= seeds; seed++) {
    for (const method of methods) {
      if (done.some((outcome) => outcome.method === method && outcome.seed === seed)) continue;
      const outcome = await searchOnce(out, method, seed);
      await appendFile(file, `${JSON.stringify(outcome)}\n`);
      done.push(outcome);
      process.stderr.write(`${JSON.stringify(outcome)}\n`);
    }
  }
  process.stdout.write(`${toTable(done)}\n`);
}

async function readOutcomes(file: string): Promise<Outcome[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => outcomeSchema.parse(JSON.parse(line)));
}

/** Searches, from the last checkpoint where an earlier try left one; its seconds are those of the last try. */
async function searchOnce(out: string, method: string, seed: number): Promise<Outcome> {
  const folder = join(out, `${method}-${seed}`);
  await mkdir(join(folder, "checkpoints"), { recursive: true });
  const { startEngine } = await import("#main/compute/engine/engine.ts");
  const { runSearch } = await import("#main/compute/search/searchLoop.ts");
  const startedAt = performance.now();
  const events: ComputeEvent[] = [];
  const context = {
    engine: await startEngine(),
    control: new JobControl(),
    photos: {
      weights: drawPhotos(PHOTOS.weights),
      architecture: drawPhotos(PHOTOS.architecture),
      validation: drawPhotos(PHOTOS.validation),
      training: drawPhotos(PHOTOS.training),
    },
    emit: (event: ComputeEvent) => void events.push(event),
    show: () => undefined,
    settle: async () => undefined,
  };
  const config = configOfStudy(method, seed);
  const resume = existsSync(join(folder, "checkpoints", "last.safetensors"));
  const { kind } = await runSearch(context, { config, folder, resume });
  const found = events.findLast((event) => event.type === "candidate");
  const validated = events.findLast((event) => event.type === "validation");
  const genotype = found === undefined ? null : asCells(found.genotype);
  if (kind !== "finished" || genotype === null || validated === undefined) {
    throw new Error(
      `collapse: the search of ${method} with seed ${seed} must finish with a candidate, got ${kind}; remove ${folder} and try again`,
    );
  }
  return {
    method,
    seed,
    noise: shareOf(genotype, "noise"),
    skips: shareOf(genotype, "skip_connect"),
    psnrDb: validated.validation.psnrDb,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

function drawPhotos([from, to]: readonly [number, number]): NamedPhoto[] {
  return Array.from({ length: to - from }, (_, index) => ({
    name: `sample-${from + index}`,
    clean: toGrey(generateSamplePhoto(from + index, { width: SIDE_PX, height: SIDE_PX, seed: SAMPLE_SET.seed })),
  }));
}
