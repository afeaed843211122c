import { readdirSync } from "node:fs";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { startEngine } from "#main/compute/engine/engine.ts";
import { layParameters, openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import { trainingNormalise } from "#main/compute/network/normalise.ts";
import { prepareGraph, runGraph } from "#main/compute/network/runGraph.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { stateName } from "#shared/space/cells/cellGraph.ts";
import { type Genotype, parseGenotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { foldGraph, graphNorms, graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { countParameters, type ParameterSpec, sizeOfShape } from "#shared/space/graph/parameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { type NetworkPlan, planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

import { REFERENCE_FOLDER, loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import type { ReferenceFile } from "#tests/helpers/referenceFixtures.ts";
import { referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;

const files = readdirSync(REFERENCE_FOLDER).filter((name) => /^network_.*\.safetensors$/.test(name));

/** The fixture lists the kept edges of all nodes one after another, each a primitive and the index of the state it reads. */
const factsSchema = z.object({
  filters: z.int(),
  nodes: z.int(),
  width_factors: z.array(z.number()),
  cells: z.array(z.array(z.tuple([z.string(), z.int()]))),
  path: z.array(z.int()),
  endpoint_layer: z.union([z.int(), z.literal("stem")]),
  trainable_parameters: z.int(),
});

function factsOf({ metadata }: ReferenceFile): z.infer<typeof factsSchema> {
  return factsSchema.parse(metadata);
}

function planOf(file: ReferenceFile): NetworkPlan<Genotype> {
  const { filters, nodes, width_factors: widthFactors, cells, path: widthPath } = factsOf(file);
  const genotype = {
    schema: "hinas.genotype",
    version: 1,
    widthFactors,
    widthPath,
    cells: cells.map((edges) => {
      const perNode = edges.length / nodes;
      const kept = edges.map(([primitive, state]) => ({ from: stateName(state), primitive }));
      return { nodes: Array.from({ length: nodes }, (_, node) => kept.slice(node * perNode, (node + 1) * perNode)) };
    }),
  };
  return planNetwork(parseGenotype(genotype, "fixture"), { filters });
}

function lay({ tensors }: ReferenceFile, specs: readonly ParameterSpec[]): Float32Array<ArrayBuffer> {
  return layParameters(specs, ({ name, shape }) => {
    const data = tensors.get(name)?.data ?? [];
    expect(data.length, name).toBe(sizeOfShape(shape));
    return data;
  });
}

/** Denoises the fixture's pictures as in training: with the statistics of the batch. */
async function denoiseAsInTraining(file: ReferenceFile): Promise<ArrayLike<number>> {
  const { kernels } = await startEngine();
  const graph = buildNetworkGraph(planOf(file));
  const specs = graphParameters(graph);
  const flat = lay(file, specs);
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, specs, tf.tensor1d(flat), false);
    const normalise = trainingNormalise(tape, graphNorms(graph), values, new StatisticsCollector());
    const pass = { tape, network: prepareGraph(graph), parameters: values, normalise };
    return runGraph(pass, new Map([["noisy", tape.leaf(referenceTensor(file, "noisy"), false)]])).tensor.dataSync();
  });
}

/** Denoises the fixture's pictures as in use: with the running statistics folded into the filters. */
async function denoiseAsInUse(file: ReferenceFile): Promise<ArrayLike<number>> {
  const { kernels } = await startEngine();
  const graph = buildNetworkGraph(planOf(file));
  const flat = foldNorms(graph, lay(file, graphParameters(graph)), lay(file, graphStatistics(graph)));
  const folded = foldGraph(graph);
  return tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const { values } = openParameters(tape, graphParameters(folded), tf.tensor1d(flat), false);
    const pass = { tape, network: prepareGraph(folded), parameters: values, normalise: null };
    return runGraph(pass, new Map([["noisy", tape.leaf(referenceTensor(file, "noisy"), false)]])).tensor.dataSync();
  });
}

describe("networks against the authors' code", () => {
  it.each(files)("%s denoises the same with the statistics of the batch", async (name) => {
    const file = loadReference(name);
    const expected = file.tensors.get("denoised_train")?.data ?? [];
    expect(relativeError(await denoiseAsInTraining(file), expected)).toBeLessThan(TOLERANCE);
  });

  it.each(files)("%s denoises the same with folded running statistics", async (name) => {
    const file = loadReference(name);
    const expected = file.tensors.get("denoised_eval")?.data ?? [];
    expect(relativeError(await denoiseAsInUse(file), expected)).toBeLessThan(TOLERANCE);
  });

  it.each(files)("%s has the authors' endpoint and number of trainable parameters", (name) => {
    const file = loadReference(name);
    const plan = planOf(file);
    const { endpoint_layer, trainable_parameters } = factsOf(file);
    expect(endpointLayer(plan.genotype.widthPath) ?? "stem").toBe(endpoint_layer);
    const graph = buildNetworkGraph(plan);
    expect(countParameters(graphParameters(graph))).toBe(trainable_parameters);
    expect(networkCost(graph).parameters).toBe(trainable_parameters);
  });
});
