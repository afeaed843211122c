import { readFileSync } from "node:fs";

import { parseGenotype } from "#shared/space/cells/genotype.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

const genotype = parseGenotype(
  JSON.parse(readFileSync(new URL("./mixedGenotype.json", import.meta.url), "utf8")),
  "mixedGenotype.json",
);

/** The network that is measured, at the published size: a genotype of mixed primitives. */
export const BENCH_PLAN = planNetwork(genotype);
export const BENCH_GRAPH = buildNetworkGraph(BENCH_PLAN);

/** Runs before the timed ones, and timed ones, of which the median counts. */
export const WARM_UP = 2;
export const REPEATS = 7;
