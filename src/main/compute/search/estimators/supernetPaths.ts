import { createBatchSource } from "#shared/image/batches.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { SupernetPaths } from "#shared/runs/estimatorSchema.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import { type AnyGenotype, asCells } from "#shared/space/spaces/spaces.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import type { StepFacts } from "#main/compute/job/runLoop.ts";
import { searchLearningRate } from "#main/compute/learning/schedules.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { walkBack, withPlanes } from "#main/compute/search/supernetStep.ts";
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";

import { toPathWeights } from "./pathWeights.ts";
import { estimateBySharedWeights } from "./sharedWeights.ts";
import type { CandidateEstimator, Preparation, Trial } from "./trial.ts";

/**
 * Scores a candidate by its path through a supernet that was trained before on random paths, each step another (single path one-shot,
 * Guo and others 2020). Its norms take the statistics of the photo itself, so that no path's are another's. Throws LabError
 * `bad_data` without photos.
 */
export function openSupernetPaths(
  context: JobContext,
  given: SearchConfig,
  { supernetSteps }: SupernetPaths,
): CandidateEstimator {
  // The checkpoint of the preparation is the supernet.
  const config = { ...given, search: { ...given.search, keepSupernetWeights: true } };
  const { kernels } = context.engine;
  const state = new SupernetState(config);
  const open = (genotype: AnyGenotype): Trial => {
    const archWeights = pathOf(config, genotype);
    return {
      // Nothing is learned any more: there is no loss to tell.
      takeStep: () => ({ loss: 0, learningRate: 0 }),
      endStep: (show) => {
        const { validation: photos } = context.photos;
        const atWork = { kernels, config, state, archWeights, photos, show, progress: 1 };
        const { validation } = estimateBySharedWeights(atWork);
        return Promise.resolve({ score: validation.score, validation });
      },
      // The candidate has no network of its own: what is kept is the supernet.
      saveNetwork: (file) => state.saveSupernet(file),
      dispose: () => undefined,
    };
  };
  return { steps: 1, fidelity: 1, preparation: prepareSupernet(context, config, state, supernetSteps), open };
}

function pathOf(config: SearchConfig, genotype: AnyGenotype): ArchWeights {
  const cells = asCells(genotype);
  if (cells === null) throw new Error(`supernet: a candidate must be of cells, got a ${genotype.schema}`);
  return toPathWeights(config.space, cells);
}

/** Trains the supernet's weights, each step along the path of another random candidate. Owns the state. */
function prepareSupernet(context: JobContext, config: SearchConfig, state: SupernetState, steps: number): Preparation {
  const { search, space, seed } = config;
  const batches = createBatchSource({
    photos: [...context.photos.weights],
    batchSize: search.batchSize,
    patchSize: search.patchSize,
    augmentation: config.augmentation,
    noise: config.noise,
    noiseMap: space.noiseMap,
    seed,
    stream: "weights",
  });
  const candidates = createCellsSpace(space);
  const takeStep = (): StepFacts => {
    const { step } = state;
    const path = toPathWeights(space, candidates.sample(createRandom(seed, "supernet path", step)));
    const learningRate = searchLearningRate(search, Math.floor((step / steps) * search.epochs));
    const walk = { kernels: context.engine.kernels, config, state };
    const { loss, weightGradient } = withPlanes(config, batches.batch(step), (planes) =>
      walkBack(walk, planes, state.weights, "weights", path),
    );
    if (weightGradient !== null) state.updateWeights(weightGradient, learningRate);
    return { loss, learningRate };
  };
  return {
    steps,
    get done() {
      return state.step;
    },
    takeStep,
    save: (file) => state.save(file),
    restore: (file) => state.restore(file),
    dispose: () => {
      state.dispose();
    },
  };
}
