import { describe, expect, it } from "vitest";

import type { CandidateSpace } from "#shared/space/candidates/candidateSpace.ts";
import { type AskTell, openAskTell } from "#main/compute/search/strategies/askTell.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";
import { controllerEntropy } from "#main/compute/search/strategies/reinforce.ts";
import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import {
  bayesianSchema,
  type CandidateSettings,
  evolutionSchema,
  localSearchSchema,
  randomSchema,
  reinforceSchema,
  tournamentSchema,
} from "#shared/runs/strategySchema.ts";
import { bestSoFar, expectBestOfDraws } from "#shared/statistics/bestOfDraws.ts";
import { comparePaired } from "#shared/statistics/pairedBootstrap.ts";
import { meanBandOf, meanOf, deviationOf } from "#shared/statistics/summary.ts";

import { type Choices, createScores, searchSmall, smallSpace } from "./smallTable.ts";

const SMALL_ENSEMBLE = { networks: 3, layers: 1, width: 12, epochs: 20 };
const SETTINGS: Readonly<Record<string, CandidateSettings>> = {
  random: randomSchema.parse({ kind: "random" }),
  evolution: evolutionSchema.parse({ kind: "evolution" }),
  tournament: tournamentSchema.parse({ kind: "tournament" }),
  "local search": localSearchSchema.parse({ kind: "local_search" }),
  reinforce: reinforceSchema.parse({ kind: "reinforce", learningRate: 0.1 }),
  ensemble: bayesianSchema.parse({ kind: "bayesian", ...SMALL_ENSEMBLE }),
  "Gaussian process": bayesianSchema.parse({ kind: "bayesian", predictor: "gaussian_process" }),
  "mutation only": bayesianSchema.parse({ kind: "bayesian", predictor: "none" }),
};

const scores = createScores(0);

/** All scores of the synthetic table. */
function allScores(): number[] {
  return Array.from({ length: 4 ** 6 }, (_, index) =>
    scores(Array.from({ length: 6 }, (__, place) => Math.floor(index / 4 ** place) % 4)),
  );
}

function tellScores(strategy: AskTell<Choices>, asked: readonly Choices[]): void {
  strategy.tell(asked.map((architecture) => ({ architecture, score: scores(architecture) })));
}

describe.each(Object.entries(SETTINGS))("the strategy %s", (_, settings) => {
  const open = (seed: number, saved: unknown = null): AskTell<Choices> =>
    openStrategy({ space: smallSpace(), seed, saved: saved as ReturnType<AskTell<Choices>["save"]> | null }, settings);

  it("asks for the same candidates after a restart from its state, with some still waiting for their scores", () => {
    const whole = open(7);
    const asked: Choices[] = [];
    for (let round = 0; round < 12; round++) {
      const batch = whole.ask(3);
      asked.push(...batch);
      tellScores(whole, batch);
    }
    let broken = open(7);
    const again: Choices[] = [];
    for (let round = 0; round < 12; round++) {
      const batch = broken.ask(3);
      again.push(...batch);
      // A kill: all that is left is the text of a checkpoint.
      broken = open(7, JSON.parse(JSON.stringify(broken.save())));
      tellScores(broken, batch);
      broken = open(7, JSON.parse(JSON.stringify(broken.save())));
    }
    expect(again).toEqual(asked);
  });

  it("says how it came upon its candidates, after a restart too", () => {
    const strategy = open(7);
    const asked: Choices[] = [];
    for (let round = 0; round < 40; round++) {
      const batch = strategy.ask(1);
      asked.push(...batch);
      tellScores(strategy, batch);
    }
    const again = open(7, JSON.parse(JSON.stringify(strategy.save())));
    const origins = asked.map((each) => strategy.originOf(each));
    expect(asked.map((each) => again.originOf(each))).toEqual(origins);
    for (const [index, origin] of origins.entries()) {
      if (origin?.parent === undefined) continue;
      const parent = origin.parent.split(".").map(Number);
      expect(asked.slice(0, index)).toContainEqual(parent);
      expect(parent.filter((option, place) => option !== asked[index]![place])).toHaveLength(1);
    }
    const knows = (key: "parent" | "predicted" | "entropy") => origins.some((origin) => origin?.[key] !== undefined);
    expect(knows("parent")).toBe(!["random", "reinforce"].includes(settings.kind));
    expect(knows("predicted")).toBe(settings.kind === "bayesian" && settings.predictor !== "none");
    expect(knows("entropy")).toBe(settings.kind === "reinforce");
  });

  it("asks for others with another seed", () => {
    expect(open(1).ask(5)).not.toEqual(open(2).ask(5));
  });

  it("refuses the score of what was not asked for, and one that is not finite", () => {
    const strategy = open(0);
    const [first = []] = strategy.ask(1);
    expect(() => strategy.tell([{ architecture: first, score: NaN }])).toThrow("a score must be finite, got NaN");
    tellScores(strategy, [first]);
    expect(() => tellScores(strategy, [first])).toThrow("must be of a candidate that was asked for");
  });
});

describe("random search", () => {
  it("comes to every architecture once and then has no more", () => {
    const strategy = openStrategy({ space: tinySpace(), seed: 0, saved: null }, SETTINGS["random"]!);
    const asked = strategy.ask(20).map((choices) => choices.join());
    expect(new Set(asked).size).toBe(12);
    expect(asked).toHaveLength(12);
    expect(strategy.ask(1)).toEqual([]);
  });

  it("has the mean best of n that the closed form says, within two standard errors", () => {
    const table = allScores();
    const curves = Array.from({ length: 200 }, (_, seed) => bestSoFar(searchSmall(SETTINGS["random"]!, seed, 60)));
    for (const asks of [1, 5, 20, 60]) {
      const bests = curves.map((curve) => at(curve, asks - 1, "curve"));
      const standardError = deviationOf(bests) / Math.sqrt(bests.length);
      expect(Math.abs(meanOf(bests) - expectBestOfDraws(table, asks))).toBeLessThan(2 * standardError);
    }
  });
});

describe("on a synthetic table", () => {
  const endsOf = (name: string, asks: number, seeds: number): number[] =>
    Array.from({ length: seeds }, (_, seed) => Math.max(...searchSmall(SETTINGS[name]!, seed, asks)));

  it.each([
    ["evolution", 150, 50],
    ["tournament", 150, 50],
    ["local search", 150, 50],
    ["reinforce", 150, 50],
    ["mutation only", 150, 50],
    // What foretells scores computes: tests/bench/studyTables.ts has all seeds.
    ["Gaussian process", 60, 6],
    ["ensemble", 60, 6],
  ])("%s beats random search beyond chance in %i asks (%i seeds)", (name, asks, seeds) => {
    const random = endsOf("random", asks, seeds);
    const { low, difference } = comparePaired(endsOf(name, asks, seeds), random, createRandom(0, "bootstrap"));
    expect(difference).toBeGreaterThan(0);
    expect(low).toBeGreaterThan(0);
    expect(meanBandOf(random).low).toBeLessThan(Math.max(...allScores()));
  });
});

describe("reinforce", () => {
  it("grows surer of its choices as it learns, and refuses a space without choices", () => {
    const settings = SETTINGS["reinforce"]!;
    const strategy = openStrategy({ space: smallSpace(), seed: 0, saved: null }, settings);
    const before = controllerEntropy(strategy.save().own);
    expect(before).toBeCloseTo(Math.log(4), 10);
    for (let ask = 0; ask < 150; ask++) tellScores(strategy, strategy.ask(1));
    expect(controllerEntropy(strategy.save().own)).toBeLessThan(0.8 * before);
    const space = { ...smallSpace(), decisions: null };
    expect(() => openStrategy({ space, seed: 0, saved: null }, settings)).toThrow("needs a space of choices");
  });
});

describe("openAskTell", () => {
  it("ends where a method has nothing left", () => {
    const strategy = openAskTell({ space: tinySpace(), seed: 0, saved: null }, { propose: () => null });
    expect(strategy.ask(2)).toEqual([]);
    expect(strategy.save()).toEqual({ asked: 0, told: [], waiting: [], origins: {}, own: null });
  });
});

/** Three choices of which one has one option: 12 architectures. */
function tinySpace(): CandidateSpace<Choices> {
  const wide = smallSpace();
  return {
    ...wide,
    size: 12,
    sample: (random) => [random.integer(3), 0, random.integer(4)],
    key: (choices) => choices.join(),
  };
}
