import { readdirSync } from "node:fs";

import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { countParameters, layParameters, openParameters, sizeOfShape } from "#main/compute/layers/parameters.ts";
import type { ParameterSpec } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { runNetwork } from "#main/compute/network/network.ts";
import { foldNorms, foldedParameters } from "#main/compute/network/foldNorms.ts";
import { foldedNormalise, trainingNormalise } from "#main/compute/network/normalise.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { networkNorms, networkParameters, networkStatistics } from "#main/compute/network/structure.ts";
import type { NetworkPlan } from "#main/compute/network/structure.ts";
import { stateName } from "#shared/space/cellGraph.ts";
import { networkCost } from "#shared/space/costModel.ts";
import { endpointLayer } from "#shared/space/widthLevels.ts";
import { parseGenotype } from "#shared/space/genotype.ts";

import { HAS_REFERENCE, REFERENCE_FOLDER, loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import type { ReferenceFile } from "#tests/helpers/referenceFixtures.ts";

const TOLERANCE = 1e-4;
const files = HAS_REFERENCE
  ? readdirSync(REFERENCE_FOLDER).filter((name) => /^network_.*\.safetensors$/.test(name))
  : [];

/** The fixture lists two edges per node, each a primitive and the index of the state it reads. */
function planOf({ metadata }: ReferenceFile): NetworkPlan {
  const cells = (metadata["cells"] as [string, number][][]).map((edges) => ({
    nodes: Array.from({ length: Number(metadata["nodes"]) }, (_, node) =>
      edges.slice(2 * node, 2 * node + 2).map(([primitive, state]) => ({ from: stateName(state), primitive })),
    ),
  }));
  const genotype = {
    schema: "hinas.genotype",
    version: 1,
    widthFactors: metadata["width_factors"],
    cells,
    widthPath: metadata["path"],
  };
  return { genotype: parseGenotype(genotype, "fixture"), filters: Number(metadata["filters"]) };
}

function pictures({ tensors }: ReferenceFile): tf.Tensor4D {
  const noisy = tensors.get("noisy");
  return tf.tensor4d(noisy?.data ?? [], noisy?.shape as [number, number, number, number]);
}

function lay({ tensors }: ReferenceFile, specs: readonly ParameterSpec[]): Float32Array<ArrayBuffer> {
  return layParameters(specs, ({ name, shape }) => {
    const data = tensors.get(name)?.data ?? [];
    expect(data.length, name).toBe(sizeOfShape(shape));
    return data;
  });
}

describe.skipIf(files.length === 0)(
  "derived networks against the authors' code (skipped: no reference fixtures)",
  () => {
    it.each(files)("%s: denoises the same with batch statistics and with folded running statistics", async (name) => {
      const { kernels } = await startEngine();
      const file = loadReference(name);
      const plan = planOf(file);
      const specs = networkParameters(plan);
      const norms = networkNorms(plan);
      const flat = lay(file, specs);
      const statistics = lay(file, networkStatistics(plan));
      const noisy = pictures(file);

      const trained = tf.tidy(() => {
        const tape = new Tape(kernels, false);
        const { values } = openParameters(tape, specs, tf.tensor1d(flat), false);
        const normalise = trainingNormalise(tape, norms, values, new StatisticsCollector());
        return runNetwork({ tape, plan, parameters: values, normalise }, tape.leaf(noisy, false)).tensor.dataSync();
      });
      expect(relativeError(trained, file.tensors.get("denoised_train")?.data ?? [])).toBeLessThan(TOLERANCE);

      const evaluated = tf.tidy(() => {
        const tape = new Tape(kernels, false);
        const folded = tf.tensor1d(foldNorms(plan, flat, statistics));
        const { values } = openParameters(tape, foldedParameters(plan), folded, false);
        const pass = { tape, plan, parameters: values, normalise: foldedNormalise(tape, values) };
        return runNetwork(pass, tape.leaf(noisy, false)).tensor.dataSync();
      });
      expect(relativeError(evaluated, file.tensors.get("denoised_eval")?.data ?? [])).toBeLessThan(TOLERANCE);
      noisy.dispose();
    });

    it.each(files)("%s: has the authors' endpoint and number of trainable parameters", (name) => {
      const file = loadReference(name);
      const plan = planOf(file);
      expect(endpointLayer(plan.genotype.widthPath) ?? "stem").toBe(file.metadata["endpoint_layer"]);
      expect(countParameters(networkParameters(plan))).toBe(file.metadata["trainable_parameters"]);
      expect(networkCost(plan.genotype, plan.filters, { channels: 1 }).parameters).toBe(
        file.metadata["trainable_parameters"],
      );
    });
  },
);
