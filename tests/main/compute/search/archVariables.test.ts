import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ArchVariables, softmaxGradient } from "#main/compute/search/archVariables.ts";
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { IMPOSSIBLE_LOGIT, initArchLogits } from "#shared/space/cells/archLogits.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

const SETTINGS = searchConfigSchema.parse({
  search: { arch: { learningRate: 0.05, weightDecay: 0.01, beta1: 0.7, beta2: 0.9 } },
}).search.arch;

const spaceOf = (alphaSharing: SearchSpace["alphaSharing"]): SearchSpace =>
  searchSpaceSchema.parse({
    layers: 2,
    nodes: 1,
    filters: 2,
    widthFactors: [1, 2],
    primitives: ["conv_3x3", "skip_connect", "none"],
    alphaSharing,
  });

/** Slopes of every op and move weight that differ from step to step. */
function drawGradients(space: SearchSpace, step: number): ArchWeightGradients {
  const random = createRandom(step, "test arch gradients");
  const { alpha, beta } = initArchLogits(space);
  return {
    op: alpha.map((layer) => layer.map((edge) => edge.map(random.gaussian))),
    move: beta.map((router) => router.map(random.gaussian)),
  };
}

/** The derivative of a softmax weight by a logit, written out. */
function byLogit(weights: readonly number[], slopes: readonly number[], logit: number): number {
  return weights.reduce((sum, w, i) => sum + slopes[i]! * w * ((i === logit ? 1 : 0) - weights[logit]!), 0);
}

/** Adam on one number, in double precision: gradients depend on the logit through `slopeOf`. */
class PlainAdam {
  value: number;
  #first = 0;
  #second = 0;

  constructor(value: number) {
    this.value = value;
  }

  step(gradient: number, step: number): void {
    const slope = gradient + SETTINGS.weightDecay * this.value;
    this.#first = SETTINGS.beta1 * this.#first + (1 - SETTINGS.beta1) * slope;
    this.#second = SETTINGS.beta2 * this.#second + (1 - SETTINGS.beta2) * slope ** 2;
    const first = this.#first / (1 - SETTINGS.beta1 ** (step + 1));
    const second = this.#second / (1 - SETTINGS.beta2 ** (step + 1));
    this.value -= (SETTINGS.learningRate * first) / (Math.sqrt(second) + 1e-8);
  }
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, index) => expect(actual[index]).toBeCloseTo(value, 5));
}

describe("ArchVariables", () => {
  it("starts every alpha equal, layer by layer and edge by edge", () => {
    const space = spaceOf("per_layer");
    const { alpha, primitives } = new ArchVariables(space, SETTINGS).logits();
    expect(primitives).toEqual(["conv_3x3", "skip_connect", "none"]);
    expect(alpha.map((layer) => layer.length)).toEqual([2, 2]);
    expect(new Set(alpha.flat(2)).size).toBe(1);
  });

  it("gives softmaxes as op and move weights, and impossible moves none", () => {
    const { op, move } = new ArchVariables(spaceOf("per_layer"), SETTINGS).weights();
    for (const row of [...op.flat(), ...move]) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(move[0]?.[0]).toBeLessThan(1e-20);
  });

  it("moves each alpha and beta as Adam does on the number alone", () => {
    const space = spaceOf("per_layer");
    const variables = new ArchVariables(space, SETTINGS);
    const start = variables.logits();
    const alpha = start.alpha.map((layer) => layer.map((edge) => edge.map((logit) => new PlainAdam(logit))));
    const beta = start.beta.map((router) => router.map((logit) => new PlainAdam(logit)));
    for (let step = 0; step < 4; step += 1) {
      const gradients = drawGradients(space, step);
      variables.update(gradients, step);
      const move = (row: readonly PlainAdam[], slopes: readonly number[]): void => {
        const weights = softmax(row.map(({ value }) => value));
        row.forEach((number, i) => {
          if (number.value !== IMPOSSIBLE_LOGIT) number.step(byLogit(weights, slopes, i), step);
        });
      };
      alpha.forEach((layer, l) => layer.forEach((edge, e) => move(edge, gradients.op[l]![e]!)));
      beta.forEach((router, r) => move(router, gradients.move[r]!));
    }
    const got = variables.logits();
    expectClose(
      got.alpha.flat(2),
      alpha.flat(2).map(({ value }) => value),
    );
    expectClose(
      got.beta.flat(),
      beta.flat().map(({ value }) => value),
    );
  });

  it("moves a tied alpha down the sum of its layers' slopes, the same in every layer", () => {
    const space = spaceOf("tied");
    const variables = new ArchVariables(space, SETTINGS);
    const gradients = drawGradients(space, 0);
    const start = variables.logits().alpha;
    variables.update(gradients, 0);
    const [first, second] = variables.logits().alpha;
    expect(second).toEqual(first);
    const expected = start[0]!.map((edge, e) =>
      edge.map((logit, p) => {
        const weights = softmax(edge);
        const adam = new PlainAdam(logit);
        adam.step(
          gradients.op.reduce((sum, layer) => sum + byLogit(weights, layer[e]!, p), 0),
          0,
        );
        return adam.value;
      }),
    );
    expectClose(first!.flat(), expected.flat());
  });

  it("leaves impossible moves where they are and out of Adam's moments", () => {
    const space = spaceOf("per_layer");
    const variables = new ArchVariables(space, SETTINGS);
    for (let step = 0; step < 3; step += 1) variables.update(drawGradients(space, step), step);
    const start = initArchLogits(space).beta.flat();
    const impossible = start.flatMap((logit, index) => (logit === IMPOSSIBLE_LOGIT ? [index] : []));
    expect(impossible.length).toBeGreaterThan(0);
    const { logits, firstMoment } = variables.state();
    const offset = logits.length - start.length;
    expect(impossible.map((index) => logits[offset + index])).toEqual(impossible.map(() => IMPOSSIBLE_LOGIT));
    expect(impossible.map((index) => firstMoment[offset + index])).toEqual(impossible.map(() => 0));
  });

  it.each(["per_layer", "tied"] as const)("goes on exactly from a saved state, alpha %s", (alphaSharing) => {
    const space = spaceOf(alphaSharing);
    const unbroken = new ArchVariables(space, SETTINGS);
    const before = new ArchVariables(space, SETTINGS);
    const after = new ArchVariables(space, SETTINGS);
    for (let step = 0; step < 5; step += 1) {
      unbroken.update(drawGradients(space, step), step);
      (step < 2 ? before : after).update(drawGradients(space, step), step);
      if (step === 1) after.restore(before.state());
    }
    expect(after.state()).toEqual(unbroken.state());
  });

  it("hands out copies: a saved state does not move on", () => {
    const space = spaceOf("tied");
    const variables = new ArchVariables(space, SETTINGS);
    const saved = variables.state();
    const copy = structuredClone(saved);
    variables.update(drawGradients(space, 0), 0);
    expect(saved).toEqual(copy);
    expect(variables.state()).not.toEqual(copy);
  });
});

const anyRow = fc.array(
  fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

describe("softmaxGradient", () => {
  it("agrees with finite differences, whatever the logits and slopes", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const logits = row.map(([logit]) => logit);
        const slopes = row.map(([, slope]) => slope);
        const objective = (at: number[]): number =>
          softmax(at).reduce((sum, weight, i) => sum + weight * slopes[i]!, 0);
        const gradient = softmaxGradient(softmax(logits), slopes);
        logits.forEach((_, i) => {
          const move = (step: number): number => objective(logits.map((logit, k) => (k === i ? logit + step : logit)));
          expect(gradient[i]).toBeCloseTo((move(1e-5) - move(-1e-5)) / 2e-5, 7);
        });
      }),
    );
  });

  it("is zero where all slopes are equal: a softmax does not feel a common shift", () => {
    for (const value of softmaxGradient([0.25, 0.25, 0.5], [3, 3, 3])) expect(value).toBeCloseTo(0, 12);
  });
});
