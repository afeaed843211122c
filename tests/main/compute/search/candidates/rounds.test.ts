import { describe, expect, it } from "vitest";

import { type Entry, Rounds, type RoundsPlan } from "#main/compute/search/candidates/rounds.ts";
import type { AskTell } from "#main/compute/search/strategies/askTell.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { asynchronousHalvingSchema } from "#shared/runs/estimatorSchema.ts";
import { countHalvingSteps } from "#shared/runs/halving.ts";
import {
  bayesianSchema,
  evolutionSchema,
  localSearchSchema,
  randomSchema,
  reinforceSchema,
} from "#shared/runs/strategySchema.ts";

import { type Choices, createScores, smallSpace } from "#tests/main/compute/search/strategies/smallTable.ts";

const STEPS = [10, 30, 90];
const CANDIDATES = 40;
const HALVING = asynchronousHalvingSchema.parse({ kind: "asynchronous_halving", steps: 90 });
const PLANS: readonly (readonly [string, RoundsPlan])[] = [
  ["each by itself", { steps: [1], factor: 1, bracket: null, candidates: CANDIDATES, totalSteps: CANDIDATES }],
  [
    "by brackets",
    { steps: STEPS, factor: 3, bracket: 9, candidates: CANDIDATES, totalSteps: Number.POSITIVE_INFINITY },
  ],
  [
    "asynchronously",
    {
      steps: STEPS,
      factor: 3,
      bracket: null,
      candidates: CANDIDATES,
      totalSteps: countHalvingSteps(HALVING, CANDIDATES),
    },
  ],
];
const STRATEGIES = [
  randomSchema.parse({ kind: "random" }),
  evolutionSchema.parse({ kind: "evolution", population: 8, sample: 3 }),
  localSearchSchema.parse({ kind: "local_search" }),
  reinforceSchema.parse({ kind: "reinforce", learningRate: 0.1 }),
  bayesianSchema.parse({ kind: "bayesian", predictor: "gaussian_process", initial: 8, batch: 4 }),
];
const CASES = PLANS.flatMap(([name, plan]) =>
  STRATEGIES.map((settings) => [name, settings.kind, plan, settings] as const),
);

const finalScore = createScores(0);
/** Nearer to the true score on each rung. */
const scoreOf = (choices: Choices, rung: number): number =>
  finalScore(choices) + createRandom(1, "rung", rung, ...choices).gaussian() / (1 + rung) + rung;

describe.each(CASES)("candidates %s, chosen by %s", (_, __, plan, settings) => {
  const open = (saved: unknown): AskTell<Choices> =>
    openStrategy(
      { space: smallSpace(), seed: 5, saved: saved as ReturnType<AskTell<Choices>["save"]> | null },
      settings,
    );

  it("come in the same order after a kill at any time, and never take more steps than there are", () => {
    let strategy = open(null);
    const whole = new Rounds(strategy, plan, [], 0);
    const trained: string[] = [];
    for (let task = whole.next(); task !== null; task = whole.next()) {
      trained.push(`${task.architecture.join("")} on ${task.rung}`);
      whole.end(scoreOf(task.architecture, task.rung));
    }
    expect(whole.entries.length).toBeLessThanOrEqual(CANDIDATES);
    expect(whole.steps).toBeLessThanOrEqual(plan.totalSteps);
    expect(whole.ended).toBe(trained.length);
    strategy = open(null);
    let broken = new Rounds<Choices>(strategy, plan, [], 0);
    const again: string[] = [];
    for (let task = broken.next(); task !== null; task = broken.next()) {
      // A kill in the middle of each training, and one behind its score: all that is left is the text of a checkpoint.
      const reopen = (): void => {
        const [state, entries] = JSON.parse(JSON.stringify([strategy.save(), broken.entries])) as [
          ReturnType<AskTell<Choices>["save"]>,
          Entry<Choices>[],
        ];
        strategy = open(state);
        broken = new Rounds(strategy, plan, entries, state.told.length);
      };
      reopen();
      task = broken.next()!;
      again.push(`${task.architecture.join("")} on ${task.rung}`);
      broken.end(scoreOf(task.architecture, task.rung));
      reopen();
    }
    expect(again).toEqual(trained);
  });

  it("tell the strategy each one's score on its highest rung", () => {
    const strategy = open(null);
    const rounds = new Rounds(strategy, plan, [], 0);
    for (let task = rounds.next(); task !== null; task = rounds.next()) {
      rounds.end(scoreOf(task.architecture, task.rung));
    }
    expect(strategy.save().told).toEqual(
      rounds.entries.map(({ architecture, scores }) => ({
        architecture,
        score: scoreOf(architecture, scores.length - 1),
      })),
    );
  });
});
