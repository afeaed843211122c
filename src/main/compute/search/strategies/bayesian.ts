import { z } from "zod";

import { at } from "#shared/at.ts";
import { createRandom, permutation } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";
import type { BayesianSettings } from "#shared/runs/strategySchema.ts";

import { fitEnsemble } from "#main/compute/search/predictors/ensemble.ts";
import { fitGaussianProcess } from "#main/compute/search/predictors/gaussianProcess.ts";
import type { Example, Predict } from "#main/compute/search/predictors/predictor.ts";

import type { AskTellStart, Method, Origin, SearchSoFar } from "./askTell.ts";

const savedSchema = z.strictObject({ queue: z.array(z.unknown()) });

/** How each predictor is fitted. */
const FIT: Readonly<
  Record<
    Exclude<BayesianSettings["predictor"], "none">,
    (examples: readonly Example[], settings: BayesianSettings, random: Random) => Predict
  >
> = {
  ensemble: fitEnsemble,
  gaussian_process: fitGaussianProcess,
};

/**
 * Bayesian search (BANANAS, White and others 2021): after some random architectures, changes the best into a pool, foretells
 * each one's score as a mean and a deviation, draws a score for each from that (independent Thompson sampling), and takes those
 * with the highest. Without a predictor it takes any of the pool: the control that says what the predictor is worth.
 */
export function searchBayesian<A>({ space, seed, saved }: AskTellStart<A>, settings: BayesianSettings): Method<A> {
  const { initial, batch } = settings;
  const queue = (saved === null ? [] : savedSchema.parse(saved.own).queue).map((value) =>
    space.parse(value, "checkpoint: a candidate in the queue"),
  );
  return {
    propose: (soFar, random) => {
      if (soFar.asked < initial || soFar.told.length < 2) return soFar.sampleNew(random);
      if (queue.length === 0) {
        const pool = makePool(soFar, settings, random);
        const best = pickBest(pool, soFar, settings, createRandom(seed, "fit", soFar.asked)).slice(0, batch);
        for (const { architecture, origin } of best) soFar.note(architecture, origin);
        queue.push(...best.map(({ architecture }) => architecture));
      }
      return queue.shift() ?? soFar.sampleNew(random);
    },
    save: () => ({ queue: [...queue] }),
  };
}

/** An architecture that may be asked for, and how it was come upon. */
interface Pooled<A> {
  readonly architecture: A;
  readonly origin: Origin<A>;
}

/** Changes the best architectures into others that were not asked for, each once; where none is near, takes a random one. */
function makePool<A>(soFar: SearchSoFar<A>, { parents, pool }: BayesianSettings, random: Random): readonly Pooled<A>[] {
  const best = soFar.told.toSorted((a, b) => b.score - a.score).slice(0, parents);
  const made = new Map<string, Pooled<A>>();
  for (let index = 0; index < pool; index++) {
    const parent = at(best, index % best.length, "parents").architecture;
    const child = soFar.changeNew(parent, random);
    const architecture = child ?? soFar.sampleNew(random);
    if (architecture === null) continue;
    made.set(soFar.space.key(architecture), { architecture, origin: child === null ? {} : { parent } });
  }
  return [...made.values()];
}

/** Orders a pool by drawn scores, the highest first; by chance alone without a predictor. */
function pickBest<A>(
  pool: readonly Pooled<A>[],
  { space, told }: SearchSoFar<A>,
  settings: BayesianSettings,
  random: Random,
): readonly Pooled<A>[] {
  if (settings.predictor === "none") {
    return Array.from(permutation(pool.length, random), (index) => at(pool, index, "pool"));
  }
  const examples = told.map(({ architecture, score }) => ({ features: space.encode(architecture), score }));
  const predict = FIT[settings.predictor](examples, settings, random);
  return pool
    .map(({ architecture, origin }) => {
      const { mean, deviation } = predict(space.encode(architecture));
      const predicted = { mean, deviation };
      return { architecture, origin: { ...origin, predicted }, drawn: mean + deviation * random.gaussian() };
    })
    .toSorted((a, b) => b.drawn - a.drawn);
}
