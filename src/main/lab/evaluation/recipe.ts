import { describeNoise, isMappable } from "#shared/image/noise.ts";
import { SELF_ENSEMBLE_PASSES } from "#shared/image/selfEnsemble.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Recipe } from "#shared/runs/evaluation.ts";
import type { NetworkSettings } from "#shared/space/spaces/networkPlan.ts";

/** Of the hash of a part, in the recipe's name. */
const NAMED_DIGITS = 8;

/**
 * Describes how figures are made, with the name under which alone they may be compared. The noise of cameras can only be
 * told to a network as an estimate, which the name then says. Names that were given once stay as they are. `partSha256` is the
 * hash of the photos of a test part, and null where the whole set is measured.
 */
export function describeRecipe(
  { noise, noiseSeed, noiseSeeds, protocol, selfEnsemble }: EvaluationConfig,
  { imageChannels, noiseMap }: Pick<NetworkSettings, "imageChannels" | "noiseMap">,
  partSha256: string | null = null,
): Recipe {
  const noiseName = describeNoise(noise);
  const channels = imageChannels === 1 ? "grey" : "colour";
  const told = noiseMap ? ({ noiseMap: isMappable(noise) ? "known" : "estimated" } as const) : {};
  const parts = [
    protocol === "whole_image" ? "whole-image/one-draw" : "tiles-64/draw-per-tile",
    "clip",
    channels,
    noiseName,
    noiseSeeds === 1 ? `seed-${noiseSeed}` : `seeds-${noiseSeed}..${noiseSeed + noiseSeeds - 1}`,
    ...(told.noiseMap === "estimated" ? ["noise-map-estimated"] : []),
    ...(selfEnsemble ? [`self-ensemble-x${SELF_ENSEMBLE_PASSES}`] : []),
    ...(partSha256 === null ? [] : [`test-part-${partSha256.slice(0, NAMED_DIGITS)}`]),
  ];
  return {
    name: parts.join("/"),
    noise: noiseName,
    noiseSeed,
    clipped: true,
    channels,
    ...told,
    ...(protocol === "whole_image" ? {} : { protocol }),
    ...(noiseSeeds === 1 ? {} : { noiseSeeds }),
    ...(selfEnsemble ? { selfEnsemble } : {}),
    ...(partSha256 === null ? {} : { part: { name: "test", sha256: partSha256 } as const }),
  };
}
