import { at } from "#shared/at.ts";
import type { Random } from "#shared/random/random.ts";
import type { SearchConfig } from "#shared/runs/config.ts";

/** A third of the epochs is a third, whatever floating-point numbers make of it. */
const ROUNDING = 1e-9;

/** Tells whether a search drops outputs of `skip_connect`. */
export function hasSkipDropout({ stabilisers }: SearchConfig["search"]): boolean {
  return stabilisers.skipDropout.length > 0;
}

/**
 * The share of outputs of `skip_connect` that an epoch drops (P-DARTS); `epoch` counts from 0. The epochs behind the warm-up are parted as by
 * `dropTo`, one stage for each rate. In a stage's first epoch its rate is as it is set, and falls in a line to 0 in its last, which the only
 * epoch of a stage is. Before, in the warm-up, the first stage's rate stays.
 */
export function skipDropoutRate({ epochs, warmupEpochs, stabilisers }: SearchConfig["search"], epoch: number): number {
  const { skipDropout } = stabilisers;
  const length = (epochs - warmupEpochs) / skipDropout.length;
  const startOf = (stage: number): number => warmupEpochs + Math.ceil(stage * length - ROUNDING);
  const now = Math.max(epoch, warmupEpochs);
  const stage = skipDropout.findIndex((_, index) => now < startOf(index + 1));
  if (stage === -1) return 0;
  const last = startOf(stage + 1) - 1;
  return now === last ? 0 : (at(skipDropout, stage, "stages") * (last - now)) / (last - startOf(stage));
}

/** Draws what outputs are multiplied by: 0 for a share `rate` (0..<1) of them, and 1 / (1 - rate), so that their mean stays. */
export function drawSkipFactors(count: number, rate: number, random: Random): Float32Array<ArrayBuffer> {
  const kept = 1 / (1 - rate);
  return Float32Array.from({ length: count }, () => (random.uniform() < rate ? 0 : kept));
}
