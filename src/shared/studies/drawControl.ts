import { createRandom } from "#shared/random/createRandom.ts";
import { openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import type { SearchConfig, TrainConfig } from "#shared/runs/config.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { type AnyGenotype, buildNetworkGraph, genotypeHash } from "#shared/space/spaces/spaces.ts";

/** Of so many random architectures the one whose cost is nearest is taken: within some per cent, and still random. */
const DRAWS = 32;

/**
 * Draws an architecture at random from the space of a search that costs as many multiply-adds as the one found there, as nearly as some
 * dozens of draws allow; the same seed draws the same.
 */
export function drawControl(
  {
    space,
    seed,
    search,
  }: Pick<SearchConfig, "space" | "seed"> & { readonly search: Pick<SearchConfig["search"], "candidates"> },
  { network }: Pick<TrainConfig, "network">,
  found: AnyGenotype,
): AnyGenotype {
  const candidates = openCandidateSpace(space, search.candidates);
  const random = createRandom(seed, "random control");
  const costOf = (genotype: AnyGenotype): number =>
    networkCost(buildNetworkGraph({ genotype, ...network })).multiplyAddsPerPixel;
  const wanted = costOf(found);
  const own = genotypeHash(found);
  let nearest = candidates.sample(random);
  let distance = Infinity;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const drawn = candidates.sample(random);
    const away = Math.abs(Math.log(costOf(drawn) / wanted));
    if (away >= distance || genotypeHash(drawn) === own) continue;
    nearest = drawn;
    distance = away;
  }
  return nearest;
}
