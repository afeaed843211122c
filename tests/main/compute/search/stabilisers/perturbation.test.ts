import { describe, expect, it } from "vitest";

import { perturb, perturbationRadius } from "#main/compute/search/stabilisers/perturbation.ts";
import type { ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { TINY_SPACE, drawArchWeights } from "#tests/main/compute/supernet/tinySupernet.ts";

const WEIGHTS = drawArchWeights(TINY_SPACE);
const random = () => createRandom(1, "test perturbation");

/** A loss that is a weighted sum of the op weights, whose gradient is known. */
function linearLoss(slope: (primitive: number) => number) {
  let walks = 0;
  const walk = ({ op, move }: ArchWeights) => {
    walks += 1;
    const loss = op.flat().reduce((sum, edge) => sum + edge.reduce((total, w, p) => total + w * slope(p), 0), 0);
    const gradients = op.map((layer) => layer.map((edge) => edge.map((_, p) => slope(p))));
    return { loss, archGradients: { op: gradients, move: move.map((row) => row.map(() => 0)) } };
  };
  return { walk, walks: () => walks };
}

const never = () => {
  throw new Error("no walk is needed");
};

describe("perturbation", () => {
  it("grows from 0.03 to its radius, and is never beyond it", () => {
    expect([0, 0.5, 1].map((share) => perturbationRadius({ kind: "random", radius: 0.23 }, share))).toEqual([
      0.03, 0.13, 0.23,
    ]);
    expect(perturbationRadius({ kind: "random", radius: 0.01 }, 0)).toBe(0.01);
  });

  it("changes nothing where it is off", () => {
    expect(perturb(WEIGHTS, { kind: "none" }, 1, random(), never)).toBe(WEIGHTS);
  });

  it("moves op weights at random, keeps them shares of each edge, and leaves move weights alone", () => {
    const moved = perturb(WEIGHTS, { kind: "random", radius: 0.05 }, 1, random(), never);
    expect(moved.move).toBe(WEIGHTS.move);
    expect(moved.op).not.toEqual(WEIGHTS.op);
    for (const edge of moved.op.flat()) {
      expect(edge.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      for (const weight of edge) expect(weight).toBeGreaterThanOrEqual(0);
    }
    expect(perturb(WEIGHTS, { kind: "random", radius: 0.05 }, 1, random(), never)).toEqual(moved);
  });

  it("moves none of a dropped primitive's weight", () => {
    const op = [[[0, 0.4, 0.6]]];
    const { op: moved } = perturb({ op, move: [] }, { kind: "random", radius: 0.3 }, 1, random(), never);
    expect(moved[0]?.[0]?.[0]).toBe(0);
    expect(moved[0]?.[0]?.[1]).not.toBe(0.4);
  });

  it("climbs to where a known loss is worst within its radius", () => {
    // Two primitives that weigh the same, of which the first costs: the worst within 0.1 is (0.6, 0.4), a sum of 1 already.
    const { walk, walks } = linearLoss((primitive) => (primitive === 0 ? 1 : -1));
    const start = { op: [[[0.5, 0.5]]], move: [[1]] };
    const setting = { kind: "adversarial", radius: 0.1, steps: 7 } as const;
    const { op, move } = perturb(start, setting, 1, random(), walk);
    expect(op[0]?.[0]?.[0]).toBeCloseTo(0.6, 10);
    expect(op[0]?.[0]?.[1]).toBeCloseTo(0.4, 10);
    expect(move).toBe(start.move);
    expect(walks()).toBe(7 + 2);
  });

  it("stays where it began when climbing lowered the loss", () => {
    const { walk } = linearLoss((primitive) => (primitive === 0 ? 1 : -1));
    // A gradient that points the wrong way.
    const wrong = (weights: ArchWeights) => {
      const { loss, archGradients } = walk(weights);
      const op = archGradients.op.map((layer) => layer.map((edge) => edge.map((slope) => -slope)));
      return { loss, archGradients: { ...archGradients, op } };
    };
    const start = { op: [[[0.5, 0.5]]], move: [[1]] };
    expect(perturb(start, { kind: "adversarial", radius: 0.1, steps: 3 }, 1, random(), wrong)).toBe(start);
  });
});
