import { type Lab } from "#shared/api/lab.ts";
import { type EvaluationConfig, type TrainConfig } from "#shared/runs/config.ts";
import type { Versions } from "#shared/runs/evaluation.ts";
import { trainedRangeOf } from "#shared/runs/modelCard.ts";

/** What a network in the box makes of the demo's pictures: what hours of training would give. */
export interface DemoYardstick {
  readonly model: string;
  readonly mean: Versions;
}

/**
 * Measures the largest network in the box for grey pictures and the demo's noise on the demo's own test; null where there is
 * none. Throws LabError.
 */
export async function measureYardstick(
  lab: Pick<Lab, "listModels" | "evaluate">,
  { network, noise }: Pick<TrainConfig, "network" | "noise">,
  config: EvaluationConfig,
): Promise<DemoYardstick | null> {
  const wanted = trainedRangeOf(noise);
  const fits = (await lab.listModels()).filter(({ source, imageChannels, trainedSigma255: range }) => {
    if (source !== "shipped" || imageChannels !== 1 || network.imageChannels !== 1) return false;
    return range !== null && wanted !== null && range.from <= wanted.from && wanted.to <= range.to;
  });
  const [best] = fits.toSorted((a, b) => b.multiplyAddsPerPixel - a.multiplyAddsPerPixel);
  if (best === undefined) return null;
  const { mean } = await lab.evaluate(best.id, config, null);
  return { model: best.name, mean };
}
