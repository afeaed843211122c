import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";
import { candidateFigures, planCandidate } from "#shared/runs/candidateNetwork.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { EventOf } from "#shared/runs/runEvent.ts";
import { isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { type AnyGenotype, genotypeHash } from "#shared/space/spaces/spaces.ts";

import type { JobContext } from "#main/compute/job/jobContext.ts";
import { endValidation, saveLast } from "#main/compute/job/runLoop.ts";
import type { LongJob, StepFacts } from "#main/compute/job/runLoop.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import type { SearchRequest } from "#main/compute/protocol.ts";
import { openCandidateEstimators } from "#main/compute/search/estimators/candidateEstimators.ts";
import type { CandidateEstimator, CandidateScore, Trial } from "#main/compute/search/estimators/trial.ts";

import { CandidateState } from "./candidateState.ts";
import { WarmStarts } from "./warmStarts.ts";

/** A search candidate by candidate under way. */
interface CandidateSearch {
  readonly context: JobContext;
  readonly config: SearchConfig;
  readonly state: CandidateState;
  /** By rung, from the lowest up; one where there are none. */
  readonly estimators: readonly CandidateEstimator[];
  /** Null where every candidate begins anew. */
  readonly warmStarts: WarmStarts | null;
  /** The network that the present candidate begins with. */
  start: TrainedNetwork | null;
}

/**
 * Opens a search that asks its strategy for one architecture after the other and tells it the estimator's score. Each step is one of
 * the estimator's; a candidate that comes again keeps its score and takes no time. Ends early where the space has no more. Throws
 * LabError `bad_config` for settings that do not go together, `bad_data` without photos.
 */
export function openCandidateSearch(context: JobContext, { config, folder }: SearchRequest): LongJob {
  const { strategy, estimator: settings } = config.search;
  if (!isCandidateSettings(strategy) || settings.kind === "shared_weights") {
    const got = `${strategy.kind} with ${settings.kind}`;
    throw new LabError("bad_config", `a strategy that asks for candidates needs their estimator, got ${got}`);
  }
  const estimators = openCandidateEstimators(context, config, settings);
  const state = new CandidateState(config, strategy, estimators);
  const isWarm = settings.kind === "short_training" && settings.warmStart === "parent";
  const warmStarts = isWarm ? new WarmStarts(folder) : null;
  const search: CandidateSearch = { context, config, state, estimators, warmStarts, start: null };
  const job: LongJob = {
    folder,
    state,
    totalSteps: state.totalSteps,
    bestAfterStep: 0,
    epochAt: (steps) => state.scored + Math.max(0, steps - state.stepsBefore) / stepsOfPresent(search),
    isOver: () => state.current === null,
    numbers: "parameters",
    begin: () => {
      askNew(search);
      return Promise.resolve();
    },
    makeReady: () => findStart(search),
    takeStep: () => takeStep(search),
    endStep: () => endStep(search, job),
    saveBest: (file) => state.trial?.trial.saveNetwork(file) ?? Promise.resolve(false),
  };
  return job;
}

/** Steps of the present training; 1 where all are over. */
function stepsOfPresent({ state, estimators }: CandidateSearch): number {
  return state.current === null ? 1 : at(estimators, state.current.rung, "rungs").steps;
}

/** Goes to the next training that has no score yet; those that come again get theirs at once. */
function askNew(search: CandidateSearch): void {
  const { state } = search;
  for (let next = state.next(); next !== null; next = state.next()) {
    const score = state.scoreFromBefore(next);
    if (score === null) return;
    const { fidelity } = at(search.estimators, next.rung, "rungs");
    state.end(score);
    tellCandidate(search, next.architecture, { score, validation: null }, { fidelity, seconds: 0 });
  }
}

/** Finds the network that the present candidate begins with. */
async function findStart(search: CandidateSearch): Promise<void> {
  const { state, warmStarts } = search;
  if (warmStarts === null || state.current === null) return;
  const parent = state.originOf(state.current.architecture)?.parent;
  search.start = await warmStarts.begin(parent, state.scoredCandidates);
}

function takeStep({ state, estimators, start }: CandidateSearch): StepFacts {
  const { current, preparation } = state;
  if (preparation !== null) {
    const facts = preparation.takeStep();
    state.step = preparation.done;
    return facts;
  }
  if (current === null) throw new Error("candidates: there is none to score");
  const { architecture, rung } = current;
  const trial = (): Trial => at(estimators, rung, "rungs").open(architecture, start);
  state.trial ??= { trial: trial(), startMs: performance.now(), hasFailed: false };
  const facts = state.trial.trial.takeStep();
  state.step += 1;
  if (Number.isFinite(facts.loss)) return facts;
  // One network that diverges is a bad candidate, and no end of the search.
  state.trial.hasFailed = true;
  return { ...facts, loss: 0 };
}

/** Ends the candidate's trial when it is time, tells its score, and asks for the next; names what is not finite, else null. */
async function endStep(search: CandidateSearch, job: LongJob): Promise<string | null> {
  const { context, state, estimators, config, warmStarts } = search;
  const { current, trial, step } = state;
  if (trial === null) return endPreparation(search, job);
  if (current === null) throw new Error("candidates: there is none to score");
  const { steps, fidelity: full } = at(estimators, current.rung, "rungs");
  const epoch = state.scored + 1;
  const failed: CandidateScore = { score: state.lowestScore, validation: null };
  const told = trial.hasFailed
    ? failed
    : await trial.trial.endStep((pictures) => {
        context.show({ step, epoch, ...pictures });
      });
  if (told === null) return null;
  const isSound = Number.isFinite(told.score) && !trial.hasFailed;
  const result = isSound ? told : failed;
  const taken = step - state.stepsBefore;
  const fidelity = taken === steps ? full : (full * taken) / steps;
  const seconds = (performance.now() - trial.startMs) / 1000;
  // All its steps count as done: a step belongs to one training.
  state.step = state.stepsBefore + steps;
  if (result.validation !== null) {
    state.riseTo(current.rung);
    const mayBeBest = state.isHighest(current.rung);
    const notFinite = await endValidation(context, job, result.validation, mayBeBest);
    if (notFinite !== null) return notFinite;
  }
  if (!isSound) {
    const message = `candidate ${epoch} diverged: it scores ${failed.score}`;
    context.emit({ type: "log", level: "warning", message });
  }
  if (isSound) await warmStarts?.keep(genotypeHash(current.architecture), trial.trial);
  const { begun } = trial.trial;
  state.end(result.score);
  tellCandidate(search, current.architecture, result, { fidelity, seconds, ...(begun && { warmStart: begun }) });
  askNew(search);
  await findStart(search);
  const isEnd = state.current === null;
  const isToSave = isEnd || steps > 1 || warmStarts !== null || state.scored % config.search.checkpointEverySteps === 0;
  if (isEnd && state.wholeSpace !== null) {
    const message = `the space has no more than these ${state.wholeSpace} architectures`;
    context.emit({ type: "log", level: "info", message });
  }
  return isToSave && !(await saveLast(context, job)) ? job.numbers : null;
}

/** Saves what is prepared when it is time, and when it is done. */
async function endPreparation({ context, config, state }: CandidateSearch, job: LongJob): Promise<string | null> {
  const isToSave = state.preparation === null || state.step % config.search.checkpointEverySteps === 0;
  return isToSave && !(await saveLast(context, job)) ? "weights" : null;
}

/** Tells a candidate whose score was just told to the strategy. */
function tellCandidate(
  { context, config, state }: CandidateSearch,
  genotype: AnyGenotype,
  { score, curve, validation }: CandidateScore,
  effort: Pick<EventOf<"candidate">, "fidelity" | "seconds" | "warmStart">,
): void {
  const origin = state.originOf(genotype);
  context.emit({
    type: "candidate",
    step: state.step,
    epoch: state.scored,
    genotype,
    genotypeHash: genotypeHash(genotype),
    score,
    ...(validation === null ? {} : { psnrDb: validation.psnrDb }),
    ...candidateFigures(planCandidate(config, genotype)),
    ...effort,
    strategy: config.search.strategy.kind,
    ...(origin === null ? {} : { origin }),
    ...(curve === undefined ? {} : { curve }),
  });
}
