import { parseArgs } from "node:util";

import { ensureEngine } from "#main/engine/install/ensureEngine.ts";

import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";

/** What is compared, by name. */
const VARIANTS = [
  ["first order, shared cells", { order: "first", cellSharing: true }],
  ["second order, shared cells", { order: "second", cellSharing: true }],
  ["first order, cells not shared", { order: "first", cellSharing: false }],
] as const;

/**
 * Compares what a search step (arch step and weight step) costs by order and by cell sharing, in processor seconds, which other
 * work on the machine does not change much, and the memory beside that of the model:
 * `node tests/bench/benchOrders.ts --filters 4 --patch 32 --batch 2 --steps 3`. With `--only 2` one variant alone, counted from 0, so
 * that the peak of memory is its own.
 */
const { values } = parseArgs({
  options: {
    filters: { type: "string", default: "4" },
    patch: { type: "string", default: "32" },
    batch: { type: "string", default: "2" },
    steps: { type: "string", default: "3" },
    only: { type: "string" },
  },
});
const [filters, patchSize, batchSize, steps] = [values.filters, values.patch, values.batch, values.steps].map(Number);
Object.assign(process.env, (await ensureEngine({ log: () => undefined })).env);
const { startEngine } = await import("#main/compute/engine/engine.ts");
const { secondOrderArchStep } = await import("#main/compute/search/secondOrder.ts");
const { SupernetState } = await import("#main/compute/search/supernetState.ts");
const { archStep, weightStep } = await import("#main/compute/search/supernetStep.ts");

const { kernels } = await startEngine();

for (const [name, { order, cellSharing }] of VARIANTS.filter(
  (_, index) => String(index) === (values.only ?? String(index)),
)) {
  const config = searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    space: { filters, cellSharing },
    search: { batchSize, patchSize, order },
  });
  const pixels = config.search.batchSize * config.search.patchSize ** 2;
  const random = createRandom(1, "bench");
  const draw = () => Float32Array.from({ length: pixels }, () => random.uniform());
  const batch = { clean: { channels: 1 as const, data: draw() }, noisy: { channels: 1 as const, data: draw() } };
  const state = new SupernetState(config);
  const step = (index: number): void => {
    if (order === "first") archStep(kernels, config, state, batch, index);
    else secondOrderArchStep({ kernels, config, state }, { train: batch, validation: batch }, 0.025, index);
    weightStep(kernels, config, state, batch, 0.025);
  };
  step(0);
  const before = process.cpuUsage();
  const count = steps ?? 0;
  for (let index = 1; index <= count; index++) step(index);
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6 / count).toFixed(2);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  const model = Math.round(outerSpaceOf(config.space).memoryMb(config.space, false, pixels));
  process.stdout.write(
    `${name}: ${seconds} processor seconds a step, ${peak} MB at most so far, ${model} MB by the model\n`,
  );
  state.dispose();
}
