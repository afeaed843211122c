import { PLANES } from "#shared/space/graph/frame.ts";
import type { SpaceKind } from "#shared/space/spaces/searchSpace.ts";

import { subtract } from "#main/compute/layers/combine.ts";
import { sigmoid } from "#main/compute/layers/sigmoid.ts";
import { depthToSpace } from "#main/compute/layers/spaceToDepth.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { predictByResolutions } from "./resolutionsSupernet.ts";
import { predictByScales } from "./scalesSupernet.ts";
import { planeOf, type SupernetPass } from "./supernetPass.ts";
import { predictByWidths } from "./widthsSupernet.ts";

/** How each outer space predicts the noise, at the resolution of the layers. */
const PREDICTIONS: Readonly<Record<SpaceKind, (pass: SupernetPass, planes: ReadonlyMap<string, Value>) => Value>> = {
  widths: predictByWidths,
  scales: predictByScales,
  resolutions: predictByResolutions,
};

/**
 * Denoises planes by name, `[B, H, W, C]` each, with the whole search space at once: the noise that it predicts is subtracted
 * from the noisy picture. Batch norms use the statistics of this batch.
 */
export function runSupernet(pass: SupernetPass, planes: ReadonlyMap<string, Value>): Value {
  const { tape, space } = pass;
  const small = PREDICTIONS[space.kind](pass, planes);
  return tape.scope(() => {
    const noise = space.unshuffle === 1 ? small : depthToSpace(tape, small, space.unshuffle);
    const denoised = subtract(tape, planeOf(planes, PLANES.noisy), noise);
    return space.output === "sigmoid" ? sigmoid(tape, denoised) : denoised;
  });
}
