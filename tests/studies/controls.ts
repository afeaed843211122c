import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

import { z } from "zod";

import { genotypeToJson } from "#shared/space/spaces/spaces.ts";

import { type Contender, listContenders, type Trained, trainedSchema, toTable } from "./equalCost.ts";

const HELP = `node tests/studies/controls.ts --out FOLDER --data NAME [--steps 600] [--seeds 2] [--home FOLDER]
Trains the architecture that the lab's search found and its controls of equal cost alike, seed by seed, and prints how they
come out on the validation photos. Begins where it was ended.`;

const CLI = fileURLToPath(new URL("../../src/main/cli.ts", import.meta.url));
const endedSchema = z.object({ run: z.object({ best: z.object({ psnrDb: z.number() }).nullable() }) });
/** What a command that ended with another code than 0 leaves. */
const failureSchema = z.object({ stdout: z.string().min(1) });
const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "" },
    data: { type: "string", default: "" },
    steps: { type: "string", default: "600" },
    seeds: { type: "string", default: "2" },
    home: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.out === "" || values.data === "") process.stdout.write(`${HELP}\n`);
else await measure(values.out, await listContenders());

async function measure(out: string, contenders: readonly Contender[]): Promise<void> {
  const file = join(out, "trained.jsonl");
  await mkdir(out, { recursive: true });
  const done = existsSync(file) ? readLines(await readFile(file, "utf8")) : [];
  // Seed by seed, so that an early end has as many of each.
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    for (const contender of contenders) {
      if (done.some((trained) => trained.name === contender.name && trained.seed === seed)) continue;
      const trained = { name: contender.name, seed, psnrDb: await train(out, contender, seed) };
      await appendFile(file, `${JSON.stringify(trained)}\n`);
      done.push(trained);
      process.stderr.write(`${JSON.stringify(trained)}\n`);
    }
  }
  process.stdout.write(`${toTable(contenders, done)}\n`);
}

function readLines(text: string): Trained[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => trainedSchema.parse(JSON.parse(line)));
}

/** Trains one and returns its PSNR on the validation photos, in dB; null where the training diverged. */
async function train(out: string, { name, genotype, network }: Contender, seed: number): Promise<number | null> {
  const file = join(out, `${name.replaceAll(" ", "-")}.json`);
  await writeFile(file, genotypeToJson(genotype));
  const settings = {
    "network.filters": network.filters,
    "network.stemChannels": network.stemChannels,
    "training.steps": values.steps,
    "training.validateEverySteps": values.steps,
    "training.precision": "bfloat16",
  };
  const sets = Object.entries(settings).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const order = ["--preset", "scales-grey", "--data", values.data, "--seed", String(seed), "--name", `${name} ${seed}`];
  const home = values.home === undefined ? [] : ["--home", values.home];
  const ended = run(process.execPath, [CLI, ...home, "--json", "train", file, ...order, ...sets], {
    maxBuffer: 2 ** 26,
  });
  const { stdout } = await ended.catch((failure: unknown) => {
    const said = failureSchema.safeParse(failure);
    if (!said.success) throw failure;
    return said.data;
  });
  return endedSchema.parse(JSON.parse(stdout)).run.best?.psnrDb ?? null;
}
