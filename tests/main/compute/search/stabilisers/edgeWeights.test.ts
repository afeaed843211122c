import { describe, expect, it } from "vitest";

import { ArchVariables } from "#main/compute/search/archVariables.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { ArchLogits } from "#shared/space/cells/archLogits.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { toEdgeWeights } from "#shared/space/cells/edgeWeights.ts";
import { softmax } from "#shared/space/cells/softmax.ts";

const SETTINGS = searchConfigSchema.parse({
  space: { layers: 2, nodes: 2, filters: 2, widthFactors: [1, 2], primitives: ["conv_3x3", "skip_connect", "none"] },
  search: { arch: { learningRate: 0.05, weightDecay: 0, beta1: 0, beta2: 0 } },
});
const RULES = { opWeights: "softmax", hasEdgeWeights: true } as const;

describe("weights of edges", () => {
  it("sum to 1 over the edges into a node", () => {
    const weights = toEdgeWeights([1, 2, 0, 0, 0]);
    expect(weights.slice(0, 2)).toEqual(softmax([1, 2]));
    weights.slice(2).forEach((weight) => expect(weight).toBeCloseTo(1 / 3, 12));
  });

  it.each(["per_layer", "tied"] as const)(
    "learn, like alpha, down the slope that finite differences give, alpha %s",
    (alphaSharing) => {
      const space = { ...SETTINGS.space, alphaSharing };
      const arch = new ArchVariables(space, SETTINGS.search.arch, RULES);
      const random = createRandom(1, "test edges");
      const drawn = arch.state().logits.map((logit) => (logit === -50 ? logit : random.gaussian()));
      arch.restore({ ...arch.state(), logits: drawn });
      const { op, move } = arch.weights();
      const slopes = {
        op: op.map((layer) => layer.map((edge) => edge.map(() => random.gaussian()))),
        move: move.map((row) => row.map(() => 0)),
      };
      const objective = (logits: Float32Array<ArrayBuffer>): number => {
        const moved = new ArchVariables(space, SETTINGS.search.arch, RULES);
        moved.restore({ ...arch.state(), logits });
        return moved
          .weights()
          .op.flatMap((layer, l) => layer.flatMap((edge, e) => edge.map((weight, p) => weight * slopes.op[l]![e]![p]!)))
          .reduce((sum, value) => sum + value, 0);
      };
      const before = arch.state();
      // Without memory, Adam's first moment is the gradient.
      arch.update(slopes, 0);
      const gradient = arch.state().firstMoment;
      before.logits.forEach((logit, index) => {
        if (logit === -50) return;
        const step = 2 ** -7;
        const at = (shift: number): number =>
          objective(before.logits.map((each, i) => (i === index ? each + shift : each)));
        expect(gradient[index]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 3);
      });
    },
  );

  it("decide which edges a node keeps", () => {
    const alpha = [
      [
        [1, 0, 0],
        [1, 0, 0],
        [2, 0, 0],
        [1, 0, 0],
        [1, 0, 0],
      ],
    ];
    const logits: ArchLogits = { primitives: ["conv_3x3", "skip_connect", "none"], alpha, beta: [[-50, 1, -50]] };
    const keptBy = (edges: readonly number[] | undefined) =>
      deriveGenotype({ ...logits, edges: edges === undefined ? undefined : [edges] }, [1]).cells[0]?.nodes[1]?.map(
        ({ from }) => from,
      );
    expect(keptBy(undefined)).toEqual(["s1", "s0"]);
    expect(keptBy([0, 0, 0, 5, 4])).toEqual(["s0", "node_0"]);
  });

  it("are refused where there are not as many as rows of alpha", () => {
    const alpha = [
      [
        [1, 0],
        [1, 0],
      ],
    ];
    const logits: ArchLogits = { primitives: ["conv_3x3", "none"], alpha, beta: [[-50, 1, -50]], edges: [[0]] };
    expect(() => deriveGenotype(logits, [1])).toThrow("derive: edges of layer 0 must have 2 columns");
  });
});
