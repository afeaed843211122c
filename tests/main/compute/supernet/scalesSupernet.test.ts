import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { cutParameters, initialiseParameters, layParameters } from "#main/compute/layers/parameters.ts";
import { toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { edgesOf } from "#shared/space/cells/cellGraph.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { graphParameters } from "#shared/space/graph/graphParameters.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { drawNumbers } from "#tests/helpers/drawTensor.ts";
import { predict as predictNetwork } from "#tests/main/compute/network/graphPasses.ts";
import { U_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

import { predict } from "./tinySupernet.ts";

const frame = { imageChannels: 1, noiseMap: true, unshuffle: 2, stemChannels: 6, filters: 3 } as const;
const space = searchSpaceSchema.parse({
  ...{ kind: "scales", layers: 3, nodes: 2, widthFactors: U_GENOTYPE.widthFactors },
  ...frame,
});
const shape = [1, 16, 20, 1] as const;
const noisy = drawNumbers(16 * 20, 1);
const noiseMap = drawNumbers(16 * 20, 2).map(Math.abs);

/** All weight on what the genotype keeps, and on `none` or nothing everywhere else. */
function onlyWhatIsKept({ cells, widthPath }: Genotype) {
  const op = cells.map(({ nodes }) =>
    edgesOf(space.nodes).map(({ from, to }) => {
      const kept = nodes[Number(to.slice(5))]?.find((edge) => edge.from === from)?.primitive ?? "none";
      return space.primitives.map((primitive) => (primitive === kept ? 1 : 0));
    }),
  );
  return { op, move: widthPath.map((level) => space.widthFactors.map((_, index) => (index === level ? 1 : 0))) };
}

/** The supernet's filters under the names that they have in a derived network. */
function filtersOfDerived(weights: Float32Array, { cells, widthPath }: Genotype): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  for (const [name, { data }] of toEdgeTensors(space, weights)) {
    const [, layer = "", level = "", rest = ""] = /^cell\.layer_(\d+)\.width_(\d+)\.(.*)$/.exec(name) ?? [];
    if (rest === "") found.set(name, data);
    if (rest === "" || widthPath[Number(layer)] !== Number(level)) continue;
    const [, edge = "", primitive = "", stage = ""] = /^edge_(\d+)\.(\w+)\.(.*)$/.exec(rest) ?? [];
    if (stage === "") {
      found.set(`layer_${layer}.${rest}`, data);
      continue;
    }
    const { from, to } = edgesOf(space.nodes)[Number(edge)]!;
    const kept = cells[Number(layer)]!.nodes.flatMap((edges, node) => edges.map((each) => ({ ...each, node })));
    const place = kept.findIndex((each) => each.from === from && `node_${each.node}` === to);
    if (kept[place]?.primitive === primitive) found.set(`layer_${layer}.op_${place}.${stage}`, data);
  }
  return found;
}

const { kernels } = await startEngine();

describe("the supernet of a U", () => {
  it("computes with all weight on one architecture what the derived network computes with its filters", () => {
    const weights = initialiseParameters(outerSpaceOf(space).parameters(space), 1);
    const arch = onlyWhatIsKept(U_GENOTYPE);
    const whole = predict({ kernels, space, weights, arch, noisy, noiseMap, shape });

    const graph = buildNetworkGraph(planNetwork(U_GENOTYPE, frame));
    const specs = graphParameters(graph);
    const filters = filtersOfDerived(weights, U_GENOTYPE);
    // The supernet's norms have no scale and shift: those of the network stay where they begin.
    const begun = cutParameters(specs, initialiseParameters(specs, 1));
    const parameters = layParameters(specs, ({ name }) => {
      const values = /\.(gamma|beta)$/.test(name) ? begun.get(name) : filters.get(name);
      if (values === undefined) throw new Error(`the supernet has no filter for ${name}`);
      return values;
    });
    const planes = new Map([
      ["noisy", tf.tensor4d(noisy, [...shape])],
      ["noise_map", tf.tensor4d(noiseMap, [...shape])],
    ]);
    const { output } = predictNetwork(kernels, graph, planes, parameters);
    tf.dispose([...planes.values()]);
    expect(largestDifference(output, noisy)).toBeGreaterThan(1e-2);
    expect(largestDifference(whole, output)).toBeLessThan(1e-5);
  });
});
