import { describe, expect, it } from "vitest";

import { type AskTell, askTellStateSchema } from "#main/compute/search/strategies/askTell.ts";
import { openStrategy } from "#main/compute/search/strategies/openStrategy.ts";
import { candidatesSchema, openCandidateSpace } from "#shared/runs/candidatesSchema.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { type CandidateSettings, isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { comparePaired } from "#shared/statistics/pairedBootstrap.ts";

const SPACES = {
  chain: { kind: "chain", layers: 3, dilations: [1, 2] },
  motifs: {
    kind: "motifs",
    cells: 1,
    levels: [
      { motifs: 2, nodes: 3 },
      { motifs: 1, nodes: 3 },
    ],
  },
};

function settingsOf(strategy: object): CandidateSettings {
  const { strategy: settings } = searchConfigSchema.parse({ search: { strategy } }).search;
  if (!isCandidateSettings(settings)) throw new Error("test: must be a strategy that asks for candidates");
  return settings;
}

const STRATEGIES = [
  { kind: "random" },
  { kind: "evolution", population: 6, sample: 3 },
  { kind: "tournament", initial: 6 },
  { kind: "local_search" },
  { kind: "reinforce" },
  { kind: "bayesian", initial: 6, batch: 3, networks: 2, layers: 2, width: 4, epochs: 5 },
  { kind: "bayesian", initial: 6, batch: 3, predictor: "gaussian_process" },
  { kind: "bayesian", initial: 6, batch: 3, predictor: "none" },
] as const;

const spaceOf = (name: keyof typeof SPACES) =>
  openCandidateSpace(searchConfigSchema.parse({}).space, candidatesSchema.parse(SPACES[name]));

const parametersOf = (architecture: AnyGenotype): number =>
  networkCost(buildNetworkGraph(planNetwork(architecture, { filters: 2 }))).parameters;

function take(strategy: AskTell<AnyGenotype>): readonly AnyGenotype[] {
  const batch = strategy.ask(2);
  strategy.tell(batch.map((architecture) => ({ architecture, score: parametersOf(architecture) })));
  return batch;
}

const CASES = Object.keys(SPACES).flatMap((space) =>
  STRATEGIES.filter(({ kind }) => kind !== "reinforce" || space === "chain").map(
    (strategy) =>
      [
        `${space} by ${strategy.kind}${"predictor" in strategy ? ` with ${strategy.predictor}` : ""}`,
        space as keyof typeof SPACES,
        settingsOf(strategy),
      ] as const,
  ),
);

describe("strategies on sampled spaces", () => {
  it.each(CASES)("goes on after a kill with the same architectures: %s", (_, name, settings) => {
    const open = (text: string | null) =>
      openStrategy(
        { space: spaceOf(name), seed: 3, saved: text === null ? null : askTellStateSchema.parse(JSON.parse(text)) },
        settings,
      );
    const whole = open(null);
    const asked = Array.from({ length: 8 }, () => take(whole)).flat();
    let broken = open(null);
    const again: AnyGenotype[] = [];
    for (let round = 0; round < 8; round++) {
      again.push(...take(broken));
      // A kill: all that is left is the text of a checkpoint.
      broken = open(JSON.stringify(broken.save()));
    }
    expect(again).toEqual(asked);
    expect(new Set(again.map(({ schema }) => schema))).toEqual(new Set([`hinas.${name}`]));
  });

  it("finds motifs with more plain convolutions by tournaments than at random, beyond chance", () => {
    const space = openCandidateSpace(searchConfigSchema.parse({}).space, candidatesSchema.parse({ kind: "motifs" }));
    const bestOf = (strategy: object, seed: number): number => {
      const opened = openStrategy({ space, seed, saved: null }, settingsOf(strategy));
      const scores = Array.from({ length: 60 }, () => {
        const [architecture] = opened.ask(1);
        const score = JSON.stringify(architecture).split('"conv_3x3"').length;
        opened.tell([{ architecture: architecture!, score }]);
        return score;
      });
      return Math.max(...scores);
    };
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const tournament = seeds.map((seed) => bestOf({ kind: "tournament", initial: 10, share: 0.4 }, seed));
    const random = seeds.map((seed) => bestOf({ kind: "random" }, seed));
    expect(comparePaired(tournament, random, createRandom(0, "bootstrap")).low).toBeGreaterThan(0);
  });

  it("refuses a stored architecture of other settings, and of another space", () => {
    const other = openCandidateSpace(
      searchConfigSchema.parse({}).space,
      candidatesSchema.parse({ ...SPACES.chain, layers: 4 }),
    ).sample(createRandom(0));
    expect(() => spaceOf("chain").parse(other, "checkpoint")).toThrow("is not of the space that the settings say");
    expect(() => spaceOf("motifs").parse(other, "checkpoint")).toThrow("is not of the space that the settings say");
  });
});
