import { loadavg } from "node:os";
import { parseArgs } from "node:util";

import { ensureEngine } from "#main/engine/install/ensureEngine.ts";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { latencyPrices } from "#shared/space/graph/latencyTable.ts";
import { expectCost } from "#shared/space/spaces/costTrellis.ts";
import { planCandidate } from "#shared/space/spaces/networkPlan.ts";
import { costTrellisOf } from "#shared/space/spaces/costTrellises.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { pointAt } from "#tests/helpers/pointedWeights.ts";

/**
 * Compares what a table of latencies foretells of random networks with what they take:
 * `node tests/bench/benchLatency.ts --networks 20 --side 256 --space scales --processor`. With `--processor` both are processor time
 * on one thread, which other work on the computer does not change much; without, they are by the clock.
 */
const { values } = parseArgs({
  options: {
    networks: { type: "string", default: "20" },
    side: { type: "string", default: "256" },
    space: { type: "string", default: "widths" },
    seed: { type: "string", default: "0" },
    processor: { type: "boolean", default: false },
  },
});
if (values.processor) process.env["TF_NUM_INTRAOP_THREADS"] = "1";
Object.assign(process.env, (await ensureEngine({ log: () => undefined })).env);
const { startEngine } = await import("#main/compute/engine/engine.ts");
const { emptyTable, measureMissing } = await import("#main/compute/search/cost/latencyFile.ts");
const { timeGraphs } = await import("#main/compute/search/cost/measureLatency.ts");

const now = (): number => {
  if (!values.processor) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const space = searchSpaceSchema.parse({ kind: values.space });
const sidePx = Number(values.side);
const engine = await startEngine();
say(`load ${describeLoad()}`);
const { table, measured } = await measureMissing(engine, space, { ...emptyTable(engine), sidePx }, now);
say(`table: ${measured} parts on ${table.device} by ${table.engine}, load ${describeLoad()}`);
const trellis = costTrellisOf(space, latencyPrices(table));
const random = createRandom(Number(values.seed), "bench latency");
const genotypes = Array.from({ length: Number(values.networks) }, () => drawGenotype(space));
const graphs = genotypes.map((genotype) => buildNetworkGraph(planCandidate(genotype, space)));
const times = timeGraphs(engine.kernels, graphs, { sidePx, now });
const errors = genotypes.map((genotype, index) => {
  const foretold = expectCost(trellis, pointAt(genotype, space)).value;
  const taken = at(times, index, "times");
  const error = foretold / taken - 1;
  say(`${taken.toFixed(1)} ms, foretold ${foretold.toFixed(1)} ms, ${(100 * error).toFixed(1)} %`);
  return Math.abs(error);
});
const sorted = errors.toSorted((a, b) => a - b);
const [middle = NaN, worst = NaN] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
say(`median error ${(100 * middle).toFixed(1)} %, worst ${(100 * worst).toFixed(1)} %, load ${describeLoad()}`);

function drawGenotype(of: SearchSpace): Genotype {
  const { primitives, alpha, beta } = initArchLogits(of);
  const draw = (row: readonly number[]): number[] => row.map((logit) => (logit < 0 ? logit : random.gaussian()));
  const logits = { primitives, alpha: alpha.map((layer) => layer.map(draw)), beta: beta.map(draw) };
  return deriveGenotype(logits, of.widthFactors, of.kind);
}

/** Processes that ran or waited, on average over one and five minutes. */
function describeLoad(): string {
  return loadavg()
    .slice(0, 2)
    .map((load) => load.toFixed(1))
    .join(", ");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
