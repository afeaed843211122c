import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import { readNetwork } from "#main/compute/network/networkFile.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { formOfNode, valueForms } from "#shared/space/graph/networkGraph.ts";
import { inputMarginPx, neededMargins, receptiveFieldPx } from "#shared/space/graph/reach.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { predictFolded } from "#tests/main/compute/network/graphPasses.ts";
import { MIXED_GENOTYPE, SMALL_PLAN, drawNetwork } from "#tests/main/compute/network/tinyNetwork.ts";
import { networkPlans, rowGenotypes, rowPlans, scaleOfPlan, uniformGenotype } from "#tests/shared/space/arbitraries.ts";

const REACH: Record<Primitive, number> = {
  conv_3x3: 1,
  sep_conv_3x3: 1 + 1,
  sep_conv_5x5: 2 + 2,
  dil_conv_3x3: 2,
  dil_conv_5x5: 4,
  def_conv_3x3: 1 + 2,
  skip_connect: 0,
  noise: 0,
  none: 0,
};

/** The farthest reach of a state of a layer, by walking every way back to the noisy picture. */
function walkBack({ cells }: Genotype, layer: number, state: StateName): number {
  if (state === "s0" || state === "s1") {
    const source = layer - (state === "s0" ? 1 : 2);
    if (source < 0) return source === -1 ? 2 : 1;
    return walkLayer({ cells } as Genotype, source);
  }
  const edges = cells[layer]?.nodes[Number(state.slice(5))] ?? [];
  return Math.max(
    ...edges.map(({ from, primitive }) => walkBack({ cells } as Genotype, layer, from) + REACH[primitive]),
  );
}

function walkLayer(genotype: Genotype, layer: number): number {
  const nodes = genotype.cells[layer]?.nodes ?? [];
  return Math.max(...nodes.map((_, node) => walkBack(genotype, layer, `node_${node}`)));
}

/** The reach of a whole network in pixels of its layers. */
function walkNetwork(genotype: Genotype): number {
  const last = genotype.widthPath.length - 1;
  const endpoint = genotype.widthPath.lastIndexOf(0);
  const skip = endpoint === -1 || endpoint === last ? 3 : walkLayer(genotype, endpoint);
  return Math.max(walkLayer(genotype, last), skip) + 3;
}

const publishedField = (genotype: Genotype): number => receptiveFieldPx(buildNetworkGraph(planNetwork(genotype)));

describe("receptive field", () => {
  it("reaches as far as the longest way back to the noisy picture", () => {
    const upToThreeLayers = rowGenotypes.filter(({ cells }) => cells.length <= 3);
    fc.assert(
      fc.property(upToThreeLayers, (genotype) => {
        expect(publishedField(genotype)).toBe(2 * walkNetwork(genotype) + 1);
      }),
      { numRuns: 50 },
    );
  });

  it("counts in pixels of the picture, twice as many where the layers see half of them", () => {
    fc.assert(
      fc.property(rowPlans, (plan) => {
        const graph = buildNetworkGraph(plan);
        const reach = walkNetwork(plan.genotype) * plan.unshuffle;
        expect(inputMarginPx(graph)).toBe(reach);
        expect(receptiveFieldPx(graph)).toBe(2 * reach + plan.unshuffle);
        for (const margin of neededMargins(graph).values()) expect(margin % plan.unshuffle).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("is rounded up to whole pixels of each value on the way, and to whole blocks only where tiles begin", () => {
    fc.assert(
      fc.property(networkPlans, (plan) => {
        const graph = buildNetworkGraph(plan);
        const forms = valueForms(graph);
        const block = scaleOfPlan(plan);
        for (const [name, margin] of neededMargins(graph)) expect(margin % formOfNode(forms, name).scale).toBe(0);
        const margin = inputMarginPx(graph);
        const unrounded = (receptiveFieldPx(graph) - block) / 2;
        expect(margin % block).toBe(0);
        expect(unrounded).toBeLessThanOrEqual(margin);
        expect(unrounded).toBeGreaterThan(margin - block);
      }),
      { numRuns: 50 },
    );
  });

  it("is 108 pixels for a U that ships, whose tiles were tried: eight pixels less than its margin of 56 are too few", async () => {
    const { plan } = await readNetwork("resources/models/colour.safetensors");
    const graph = buildNetworkGraph(plan);
    expect([inputMarginPx(graph), receptiveFieldPx(graph)]).toEqual([56, 108]);
  });

  it("counts the way over s1 from the layer before the previous one where that is the longer one", () => {
    const skips = [
      { from: "s0", primitive: "skip_connect" },
      { from: "s1", primitive: "skip_connect" },
    ] as const;
    const farOverS1 = [
      { from: "s0", primitive: "skip_connect" },
      { from: "s1", primitive: "dil_conv_5x5" },
    ] as const;
    const genotype = (nodes: Genotype["cells"][number]["nodes"][]): Genotype => ({
      ...uniformGenotype(
        "conv_3x3",
        nodes.map(() => 1),
      ),
      cells: nodes.map((node) => ({ nodes: node })),
    });
    expect(publishedField(genotype([[farOverS1], [skips], [farOverS1]]))).toBe(2 * (1 + 4 + 4 + 3) + 1);
    expect(publishedField(genotype([[skips], [farOverS1]]))).toBe(2 * (2 + 4 + 3) + 1);
  });

  it("is 17 pixels for three layers of plain 3x3 convolutions in a chain of single nodes", () => {
    const cell = {
      nodes: [
        [
          { from: "s0", primitive: "conv_3x3" },
          { from: "s1", primitive: "skip_connect" },
        ],
      ],
    } as const;
    const genotype = { ...uniformGenotype("conv_3x3", [1, 1, 1]), cells: [cell, cell, cell] };
    expect(publishedField(genotype)).toBe(2 * (2 + 3 + 3) + 1);
  });
});

describe("the pixels that an output pixel sees", () => {
  const SIDE = 64;
  /** The output pixel that is looked at, by row and column: neither begins a block of two. */
  const [ROW, COLUMN] = [31, 33];
  const [small] = SMALL_PLAN.genotype.cells;
  const smallU: Genotype = {
    ...SMALL_PLAN.genotype,
    ...{ schema: "hinas.scales", widthPath: [0, 0, 0], cells: [small!, small!, small!] },
  };

  it.each([
    { unshuffle: 1, genotype: SMALL_PLAN.genotype },
    { unshuffle: 2, genotype: SMALL_PLAN.genotype },
    { unshuffle: 2, noiseMap: true, genotype: SMALL_PLAN.genotype },
    { unshuffle: 1, genotype: MIXED_GENOTYPE },
    { unshuffle: 2, genotype: MIXED_GENOTYPE },
    { unshuffle: 1, genotype: smallU },
    { unshuffle: 2, noiseMap: true, genotype: smallU },
  ] as const)("lie in its receptive field, in a row up to all corners: unshuffle $unshuffle", async (given) => {
    const { kernels } = await startEngine();
    const { genotype, ...frame } = given;
    const plan = planNetwork(genotype, { filters: 2, stemChannels: 8, ...frame });
    const graph = buildNetworkGraph(plan);
    const { parameters, statistics } = drawNetwork(plan);
    const folded = foldNorms(graph, parameters, statistics);
    const names = inputPlanes(plan).map(({ name }) => name);

    /** The output pixel where one pixel of one plane is far brighter. */
    const outputWith = (plane: string | null, row: number, column: number): number => {
      const planes = new Map(
        names.map((name, index): [string, Tensor4D] => {
          const data = drawNumbers(SIDE * SIDE, index);
          if (name === plane) data[row * SIDE + column] = 1e4;
          return [name, tf.tensor4d(data, [1, SIDE, SIDE, 1])];
        }),
      );
      const output = predictFolded(kernels, foldGraph(graph), planes, folded);
      tf.dispose([...planes.values()]);
      return output[ROW * SIDE + COLUMN] ?? NaN;
    };

    const before = outputWith(null, 0, 0);
    const block = scaleOfPlan(plan);
    const start = (at: number): number => Math.floor(at / block) * block - inputMarginPx(graph);
    const [top, left] = [start(ROW), start(COLUMN)];
    const [bottom, right] = [top, left].map((first) => first + receptiveFieldPx(graph) - 1) as [number, number];
    const corners = [top, bottom].flatMap((row) => [left, right].map((column) => [row, column] as const));
    const beyond = [
      [top - 1, COLUMN],
      [bottom + 1, COLUMN],
      [ROW, left - 1],
      [ROW, right + 1],
      [top - 1, left - 1],
      [bottom + 1, right + 1],
    ] as const;
    for (const plane of names) {
      expect(outputWith(plane, ROW, COLUMN)).not.toBe(before);
      // In a U margins are rounded up at each scale, so its corners may lie beyond what is seen.
      if (genotype.schema === "hinas.genotype") {
        for (const [row, column] of corners) expect(outputWith(plane, row, column)).not.toBe(before);
      }
      for (const [row, column] of beyond) expect(outputWith(plane, row, column)).toBe(before);
    }
  });
});
