import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { TINY_GENOTYPE } from "./tinyGenotype.ts";

/** Trains the tiniest network, for grey and without a noise map if not told else, with the scripted compute process, whose networks are blurs. */
export async function trainModel(
  lab: Lab,
  dataset: string,
  name = "",
  network: { readonly imageChannels?: 1 | 3; readonly noiseMap?: boolean } = {},
): Promise<RunSummary> {
  const config = trainConfigSchema.parse({
    name,
    data: { dataset },
    network,
    training: { steps: 40 },
  });
  const { id } = await lab.startTraining(config, TINY_GENOTYPE);
  return lab.waitForRun(id);
}
