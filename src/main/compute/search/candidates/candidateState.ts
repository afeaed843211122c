import { dirname, join } from "node:path";

import { z } from "zod";

import { candidatesSchema, openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import { isHalving } from "#shared/runs/estimatorSchema.ts";
import type { CandidateSettings } from "#shared/runs/strategySchema.ts";
import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";
import type { CandidateOrigin } from "#shared/runs/runEvent.ts";
import { candidateSteps } from "#shared/runs/searchCost.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { type AnyGenotype, genotypeHash } from "#shared/space/spaces/spaces.ts";

import {
  checkSame,
  noteOf,
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from "#main/compute/checkpoint/checkpointFile.ts";
import { bestSoFarSchema } from "#main/compute/job/runLoop.ts";
import type { BestSoFar, JobState } from "#main/compute/job/runLoop.ts";
import { type AskTell, type AskTellState, askTellStateSchema } from "#main/compute/search/strategies/askTell.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";
import { toNamedVector } from "#main/compute/learning/vectors.ts";
import type { CandidateEstimator, Preparation, Trial } from "#main/compute/search/estimators/trial.ts";

import type { Scored } from "./warmStarts.ts";
import { type Entry, Rounds, type RoundsPlan, type Task } from "./rounds.ts";

/** A trial, when it began, and whether its network has diverged. */
interface TrialUnderWay {
  readonly trial: Trial;
  readonly startMs: number;
  hasFailed: boolean;
}

/** Where candidates stand: checkpoints from before there were rungs have no such note, for the strategy's own says it all. */
const roundsSchema = z.strictObject({
  entries: z.array(z.strictObject({ architecture: z.unknown(), scores: z.array(z.number()) })),
  bestRung: z.int().min(0),
});

/**
 * Everything that a search candidate by candidate changes as it goes. What is saved ends with the last training that was scored: one
 * that is under way begins anew after a restart, to the same numbers.
 */
export class CandidateState implements JobState {
  /** Steps done: of the preparation, of all trainings that have ended, and those of the present one. */
  step = 0;
  best: BestSoFar | null = null;
  /** The present candidate's, once it has begun; the state's own. */
  trial: TrialUnderWay | null = null;
  readonly #config: SearchConfig;
  readonly #settings: CandidateSettings;
  readonly #plan: RoundsPlan;
  readonly #preparation: Preparation | null;
  readonly #space: CandidateSpace<AnyGenotype>;
  #strategy: AskTell<AnyGenotype>;
  #rounds: Rounds<AnyGenotype>;
  /** The preparation's steps that its file holds. */
  #savedSteps = -1;
  /** The highest rung that the best network so far may be of. */
  #bestRung = 0;
  /** By key: the hashes of all that have a score. */
  readonly #hashes = new Map<string, string>();
  /** By rung and key: all scores so far. */
  readonly #scores = new Map<string, number>();

  constructor(config: SearchConfig, settings: CandidateSettings, estimators: readonly CandidateEstimator[]) {
    this.#config = config;
    this.#settings = settings;
    this.#plan = planRounds(config, settings, estimators);
    this.#preparation = estimators[0]?.preparation ?? null;
    this.#space = openCandidateSpace(config.space, config.search.candidates);
    this.#strategy = this.#open(null);
    this.#rounds = new Rounds(this.#strategy, this.#plan, [], 0);
  }

  /** What is to be done before the first candidate; null where there is nothing, or it is done. */
  get preparation(): Preparation | null {
    return this.#preparation !== null && this.#preparation.done < this.#preparation.steps ? this.#preparation : null;
  }

  /** Steps of the preparation, and of all trainings that there may be. */
  get totalSteps(): number {
    return this.#plan.totalSteps + (this.#preparation?.steps ?? 0);
  }

  /** The candidate that is to be scored, and on which rung; null where the budget or the space is used up. */
  get current(): Task<AnyGenotype> | null {
    return this.#rounds.current;
  }

  /** Scores that were told: one for each training. */
  get scored(): number {
    return this.#rounds.ended;
  }

  /** Steps of the preparation, and of the trainings that have ended. */
  get stepsBefore(): number {
    return this.#rounds.steps + (this.#preparation?.done ?? 0);
  }

  /** Candidates so far, where the space has no more; else null. */
  get wholeSpace(): number | null {
    return this.#rounds.isExhausted ? this.#rounds.entries.length : null;
  }

  /** What a network scores that diverges: as little as the worst so far, and 0 at most; some estimators score below. */
  get lowestScore(): number {
    return Math.min(0, ...this.#scores.values());
  }

  /** Goes to the next training. */
  next(): Task<AnyGenotype> | null {
    return this.#rounds.next();
  }

  /** The score of such a training from before, where the candidate comes again; else null. */
  scoreFromBefore({ architecture, rung }: Task<AnyGenotype>): number | null {
    return this.#scores.get(this.#nameOf(architecture, rung)) ?? null;
  }

  /** How the strategy came upon a candidate; null where it knows nothing of it. */
  originOf(architecture: AnyGenotype): CandidateOrigin | null {
    const found = this.#strategy.originOf(architecture);
    if (found === null) return null;
    const { parent: key, ...origin } = found;
    const parent = key === undefined ? undefined : this.#hashes.get(key);
    return parent === undefined ? origin : { ...origin, parent };
  }

  /** All candidates that have a score, by the hash of the genotype, in the order in which they were asked for. */
  get scoredCandidates(): readonly Scored[] {
    return this.#rounds.entries.flatMap(({ architecture, scores }) => {
      const [score, hash] = [scores.at(-1), this.#hashes.get(this.#space.key(architecture))];
      return score === undefined || hash === undefined ? [] : [{ hash, score }];
    });
  }

  /** Forgets the best of lower rungs when the first network of a higher one has its score: less was spent on them. */
  riseTo(rung: number): void {
    if (rung <= this.#bestRung) return;
    this.#bestRung = rung;
    this.best = null;
  }

  /** Whether a network of a rung may be the best: none of a higher one has its score yet. */
  isHighest(rung: number): boolean {
    return rung === this.#bestRung;
  }

  /** Ends the present training with its score; the next one's steps begin after its own. */
  end(score: number): void {
    const { current } = this;
    if (current === null) throw new Error("candidates: there is none to score");
    this.#keep(current.architecture, current.rung, score);
    this.#rounds.end(score);
    this.#endTrial();
    this.step = this.stepsBefore;
  }

  async save(file: string): Promise<boolean> {
    if (!(await this.#savePreparation(file))) return false;
    const strategy = this.#strategy.save();
    const notes = {
      step: String(this.stepsBefore),
      best: JSON.stringify(this.best),
      space: JSON.stringify(this.#config.space),
      candidates: JSON.stringify(this.#config.search.candidates),
      settings: JSON.stringify(this.#settings),
      strategy: JSON.stringify(strategy),
      rounds: JSON.stringify({ entries: this.#rounds.entries, bestRung: this.#bestRung }),
    };
    const scores = this.#rounds.entries.flatMap((entry) => entry.scores);
    const tensors = new Map([["scores", toNamedVector(Float32Array.from(scores))]]);
    await writeCheckpoint(file, { kind: "search", tensors, notes });
    return true;
  }

  async restore(file: string): Promise<void> {
    const checkpoint = await readCheckpoint(file, ["search"]);
    const { space } = this.#config;
    const stored: Readonly<Record<string, unknown>> = noteOf(checkpoint, file, "space", searchSpaceSchema);
    for (const [part, wanted] of Object.entries(space)) checkSame(file, `space.${part}`, wanted, stored[part]);
    this.#checkCandidates(checkpoint, file);
    const settings = noteOf(checkpoint, file, "settings", z.record(z.string(), z.unknown()));
    for (const [part, wanted] of Object.entries(this.#settings)) {
      checkSame(file, `search.strategy.${part}`, wanted, settings[part]);
    }
    const saved = noteOf(checkpoint, file, "strategy", askTellStateSchema);
    this.#strategy = this.#open(saved);
    this.best = noteOf(checkpoint, file, "best", bestSoFarSchema.nullable());
    this.#rounds = new Rounds(
      this.#strategy,
      this.#plan,
      this.#readEntries(checkpoint, file, saved),
      saved.told.length,
    );
    for (const { architecture, scores } of this.#rounds.entries) {
      for (const [rung, score] of scores.entries()) this.#keep(architecture, rung, score);
    }
    await this.#preparation?.restore(besides(file));
    this.#savedSteps = this.#preparation?.done ?? 0;
    this.step = this.stepsBefore;
    // The one that was being scored comes first.
    this.#rounds.next();
  }

  dispose(): void {
    this.#endTrial();
    this.#preparation?.dispose();
  }

  /** What is prepared stays as it is when it is done, and is then written no more. */
  async #savePreparation(file: string): Promise<boolean> {
    const done = this.#preparation?.done ?? 0;
    if (this.#preparation === null || done === this.#savedSteps) return true;
    if (!(await this.#preparation.save(besides(file)))) return false;
    this.#savedSteps = done;
    return true;
  }

  #keep(architecture: AnyGenotype, rung: number, score: number): void {
    this.#scores.set(this.#nameOf(architecture, rung), score);
    const key = this.#space.key(architecture);
    if (!this.#hashes.has(key)) this.#hashes.set(key, genotypeHash(architecture));
  }

  #nameOf(architecture: AnyGenotype, rung: number): string {
    return `${rung} ${this.#space.key(architecture)}`;
  }

  #readEntries(checkpoint: Checkpoint, file: string, saved: AskTellState): readonly Entry<AnyGenotype>[] {
    const parse = (value: unknown): AnyGenotype => this.#space.parse(value, `checkpoint: ${file}`);
    if (checkpoint.notes["rounds"] === undefined) {
      return [
        ...saved.told.map(({ architecture, score }) => ({ architecture: parse(architecture), scores: [score] })),
        ...saved.waiting.map((architecture) => ({ architecture: parse(architecture), scores: [] })),
      ];
    }
    const { entries, bestRung } = noteOf(checkpoint, file, "rounds", roundsSchema);
    this.#bestRung = bestRung;
    return entries.map(({ architecture, scores }) => ({ architecture: parse(architecture), scores }));
  }

  /** Checkpoints from before there was a choice are of cells. */
  #checkCandidates(checkpoint: Checkpoint, file: string): void {
    const stored: Readonly<Record<string, unknown>> =
      checkpoint.notes["candidates"] !== undefined
        ? noteOf(checkpoint, file, "candidates", candidatesSchema)
        : { kind: "cells" };
    for (const [part, wanted] of Object.entries(this.#config.search.candidates)) {
      checkSame(file, `search.candidates.${part}`, wanted, stored[part]);
    }
  }

  #endTrial(): void {
    this.trial?.trial.dispose();
    this.trial = null;
  }

  #open(saved: AskTellState | null): AskTell<AnyGenotype> {
    return openStrategy({ space: this.#space, seed: this.#config.seed, saved }, this.#settings);
  }
}

/** The file of the preparation beside a checkpoint. */
function besides(file: string): string {
  return join(dirname(file), "supernet.safetensors");
}

/** Plans the turns of candidates: on the rungs of a halving, or each by itself. */
function planRounds(
  { search }: SearchConfig,
  settings: CandidateSettings,
  estimators: readonly CandidateEstimator[],
): RoundsPlan {
  const { estimator } = search;
  return {
    steps: estimators.map(({ steps }) => steps),
    factor: isHalving(estimator) ? estimator.factor : 1,
    bracket: estimator.kind === "successive_halving" ? estimator.bracket : null,
    candidates: settings.candidates,
    totalSteps: candidateSteps(settings, search) - (estimators[0]?.preparation?.steps ?? 0),
  };
}
