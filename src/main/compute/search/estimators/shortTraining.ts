import { at } from "#shared/at.ts";
import { planCandidate } from "#shared/runs/candidateNetwork.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { countTrainedSteps, type LearningCurve, type ShortTraining } from "#shared/runs/estimatorSchema.ts";
import type { ValidationScore } from "#shared/runs/runEvent.ts";
import type { AnyGenotype } from "#shared/space/spaces/spaces.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { trainLearningRate } from "#main/compute/learning/schedules.ts";
import { extrapolateCurve } from "#main/compute/search/predictors/learningCurve.ts";
import { NetworkState } from "#main/compute/train/networkState.ts";
import { networkStep } from "#main/compute/train/networkStep.ts";
import { scoreNetwork } from "#main/compute/train/scoreNetwork.ts";
import type { ShowPictures } from "#main/compute/protocol.ts";

import { openCandidateBatches, toTraining } from "./candidateTraining.ts";
import type { CandidateEstimator, CandidateScore, Trial } from "./trial.ts";

/** Shares of the steps at which a curve is validated, besides the end. */
const CURVE = [0.25, 0.5];

/** A point of a candidate's curve. */
type Point = NonNullable<CandidateScore["curve"]>[number];

/** How far a candidate is trained, when it is validated, and what its score is. */
interface TrainingCourse {
  /** Steps that are taken; the learning rate is that of all the settings' steps. */
  readonly taken: number;
  /** Steps after which it is validated; the last is the last that is taken. */
  readonly marks: readonly number[];
  readonly scoreOf: (curve: readonly Point[]) => number;
}

/**
 * Scores a candidate by the validation of its network after a short training from scratch, on both halves of the search split.
 * All candidates get the same batches. Throws LabError `bad_data` without photos.
 */
export function openShortTraining(
  context: JobContext,
  config: SearchConfig,
  settings: ShortTraining,
): CandidateEstimator {
  const { steps, curve } = settings;
  const marks = [...(curve ? CURVE.map((share) => Math.round(share * steps)) : []), steps];
  return openCourse(context, config, settings, { taken: steps, marks, scoreOf: lastScore });
}

/** Scores a candidate by what its training would come to, of which only a part is done. Throws LabError `bad_data` without photos. */
export function openLearningCurve(
  context: JobContext,
  config: SearchConfig,
  settings: LearningCurve,
): CandidateEstimator {
  const { validations } = settings;
  const taken = countTrainedSteps(settings);
  const marks = Array.from({ length: validations }, (_, index) => Math.round(((index + 1) * taken) / validations));
  const scoreOf = (curve: readonly Point[]): number =>
    extrapolateCurve(curve.map(({ fidelity, score }) => ({ share: fidelity, score })));
  return openCourse(context, config, settings, { taken, marks, scoreOf });
}

function lastScore(curve: readonly Point[]): number {
  return at(curve, curve.length - 1, "curve").score;
}

function openCourse(
  context: JobContext,
  config: SearchConfig,
  settings: ShortTraining | LearningCurve,
  { taken, marks, scoreOf }: TrainingCourse,
): CandidateEstimator {
  const { steps } = settings;
  const batches = openCandidateBatches(context, config, settings);
  const train = toTraining(config, settings);
  const open = (genotype: AnyGenotype, start: TrainedNetwork | null = null): Trial => {
    const state = new NetworkState(train, planCandidate(config, genotype));
    const begun = start === null ? undefined : { ...state.takeOver(start), of: state.specs.length };
    const validate = async (show: ShowPictures): Promise<ValidationScore> =>
      // The validation photos' noise is the search's, whatever seed trains.
      scoreNetwork(context, config, await state.snapshot(), show);
    const curve: Point[] = [];
    return {
      ...(begun === undefined ? {} : { begun }),
      takeStep: () => {
        const learningRate = trainLearningRate(train.training, state.step);
        const loss = networkStep(context.engine.kernels, train, state, batches.batch(state.step), learningRate);
        return { loss, learningRate };
      },
      endStep: async (show): Promise<CandidateScore | null> => {
        const { step } = state;
        const isLast = step === taken;
        if (!marks.includes(step)) return null;
        const validation = await validate(isLast ? show : () => undefined);
        const { psnrDb, score } = validation;
        curve.push({ fidelity: step / steps, psnrDb, score });
        return isLast ? { score: scoreOf(curve), validation, curve } : null;
      },
      saveNetwork: (file) => state.saveNetwork(file),
      dispose: () => {
        state.dispose();
      },
    };
  };
  return { steps: taken, fidelity: taken / steps, open };
}
