import { startEngine } from "#main/compute/engine/engine.ts";
import { secondOrderArchStep } from "#main/compute/search/secondOrder.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { archStep, weightStep } from "#main/compute/search/supernetStep.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

/**
 * Compares what a search step (arch step and weight step) costs by order and by cell sharing, in processor seconds, which other
 * work on the machine does not change much: `node tests/bench/benchOrders.ts [filters] [patch] [batch]`.
 */
const [filters = 4, patchSize = 32, batchSize = 2] = process.argv.slice(2).map(Number);
const STEPS = 3;
const { kernels } = await startEngine();
const random = createRandom(1, "bench");
const draw = () => Float32Array.from({ length: batchSize * patchSize ** 2 }, () => random.uniform());
const batch = { clean: { channels: 1 as const, data: draw() }, noisy: { channels: 1 as const, data: draw() } };

for (const [name, order, cellSharing] of [
  ["first order, shared cells", "first", true],
  ["second order, shared cells", "second", true],
  ["first order, cells not shared", "first", false],
] as const) {
  const config = searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    space: { filters, cellSharing },
    search: { batchSize, patchSize, order },
  });
  const state = new SupernetState(config);
  const step = (index: number): void => {
    if (order === "first") archStep(kernels, config, state, batch, index);
    else secondOrderArchStep({ kernels, config, state }, { train: batch, validation: batch }, 0.025, index);
    weightStep(kernels, config, state, batch, 0.025);
  };
  step(0);
  const before = process.cpuUsage();
  for (let index = 1; index <= STEPS; index++) step(index);
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6 / STEPS).toFixed(2);
  const resident = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stdout.write(`${name}: ${seconds} processor seconds a step, ${resident} MB resident so far\n`);
  state.dispose();
}
