import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { makeFolder } from "#tests/helpers/labHome.ts";

const run = promisify(execFile);

const RECIPE = "docs/dev/recipes/add-a-noise-model.md";
const TABLE = "src/shared/image/noise.ts";
const COPIED = ["src/shared", "package.json", "tsconfig.base.json", "tsconfig.shared.json"];

/** Adds the toy to a flat photo and says all that the table says of it. */
const USE = `
import { addNoise, describeNoise, expectHistogram, firstNoise, largestSigma255, NOISE_KINDS, noiseMapOf } from "#shared/image/noise.ts";
import { measureNoiseBetween } from "#shared/image/noiseFigures.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { findContradictions } from "#shared/runs/contradictions.ts";

const config = trainConfigSchema.parse({ noise: firstNoise("uniform") });
const clean = { width: 200, height: 200, channels: 1, data: new Float32Array(200 * 200).fill(0.9) };
const noisy = addNoise(clean, config.noise, createRandom(1));
const { histogram, mean255, deviation255 } = measureNoiseBetween(noisy, clean);
const expected = expectHistogram(clean, config.noise, histogram);
const surprises = expected.map((value, i) => Math.abs(histogram.counts[i] - value) / Math.sqrt(Math.max(value, 1)));
console.log(JSON.stringify({
  kinds: NOISE_KINDS,
  noise: config.noise,
  name: describeNoise(config.noise),
  contradictions: findContradictions(config),
  mean255,
  deviation255,
  largest: Math.max(...noisy.data),
  largestSigma255: largestSigma255(config.noise),
  mapped255: 255 * noiseMapOf(config.noise, noisy).data[0],
  largestSurprise: Math.max(...surprises),
}));
`;

/** Copies what the toy needs of the project; node_modules are linked. */
async function copyProject(): Promise<string> {
  const folder = await makeFolder();
  await mkdir(join(folder, "src"));
  for (const path of COPIED) await cp(path, join(folder, path), { recursive: true });
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"), "junction");
  return folder;
}

/** Type-checks the shared side of a copy: `file(line,column): error ...`, nothing where all is well. */
async function checkTypes(folder: string): Promise<readonly string[]> {
  const compiler = join(process.cwd(), "node_modules/typescript/bin/tsc");
  // The second check looks only at what has changed since the first.
  const options = [
    "-p",
    "tsconfig.shared.json",
    "--pretty",
    "false",
    "--incremental",
    "--tsBuildInfoFile",
    "checked.json",
  ];
  const output = await run(process.execPath, [compiler, ...options], { cwd: folder }).then(
    ({ stdout }) => stdout,
    (failure: unknown) => z.object({ stdout: z.string() }).parse(failure).stdout,
  );
  return output.split("\n").filter((line) => /^\S/.test(line));
}

async function insertAfter(file: string, anchor: string, text: string): Promise<void> {
  const parts = (await readFile(file, "utf8")).split(anchor);
  if (parts.length !== 2) throw new Error(`${file}: must have "${anchor}" once, got ${parts.length - 1} times`);
  await writeFile(file, parts.join(anchor + text));
}

describe("the recipe for a noise model", () => {
  it("takes the model's file and its row, and names the table while the row is missing", async () => {
    const recipe = await readFile(RECIPE, "utf8");
    const [modelFile, tableFile, ...more] = [...recipe.matchAll(/^\|[^|]*\| *`([^`]+)` *\|/gm)].map(([, file]) => file);
    const model = /```ts\n([^]*?)```/.exec(recipe)?.[1];
    expect([tableFile, more]).toEqual([TABLE, []]);
    const folder = await copyProject();

    await writeFile(join(folder, modelFile!.replace("<name>", "uniform")), model!);
    const errors = await checkTypes(folder);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^src\/shared\/image\/noise\.ts\(.*uniform/);

    const imported = 'import { poissonGaussianNoise } from "./noise/poissonGaussian.ts";\n';
    await insertAfter(join(folder, TABLE), imported, 'import { uniformNoise } from "./noise/uniform.ts";\n');
    await insertAfter(join(folder, TABLE), "  poisson_gaussian: poissonGaussianNoise,\n", "  uniform: uniformNoise,\n");
    expect(await checkTypes(folder)).toEqual([]);

    await writeFile(join(folder, "use.ts"), USE);
    const { stdout } = await run(process.execPath, ["use.ts"], { cwd: folder });
    const said = z.looseObject({ largestSurprise: z.number() }).parse(JSON.parse(stdout));
    const deviation255 = 40 / Math.sqrt(3);
    expect(said).toMatchObject({
      kinds: ["gaussian", "poisson_gaussian", "uniform", "paired"],
      noise: { kind: "uniform", halfWidth255: 40 },
      name: "uniform-40",
      contradictions: [],
      mean255: expect.closeTo(0, 0),
      deviation255: expect.closeTo(deviation255, 0),
      largest: expect.closeTo(0.9 + 40 / 255, 2),
      largestSigma255: expect.closeTo(deviation255, 6),
      mapped255: expect.closeTo(deviation255, 4),
    });
    // Of 101 bins one in a few draws is off by 3 deviations.
    expect(said.largestSurprise).toBeLessThan(4.5);
  });
});
