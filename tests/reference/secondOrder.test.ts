import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { writeCheckpoint } from "#main/compute/checkpoint/checkpointFile.ts";
import type { NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import type { OpenPlanes } from "#main/compute/learning/planes.ts";
import { softmaxGradient } from "#main/compute/search/archVariables.ts";
import { unrolledGradients } from "#main/compute/search/secondOrder.ts";
import { SupernetState } from "#main/compute/search/supernetState.ts";
import { walkBack } from "#main/compute/search/supernetStep.ts";
import type { ArchWeightGradients } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { loadSearchReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import { countLeaks, referenceTensor } from "#tests/helpers/tensors.ts";
import { makeRunFolder } from "#tests/main/compute/job/jobs.ts";

const file = loadSearchReference("second_order.safetensors");
const { metadata } = file;
const xi = Number(metadata["xi"]);
const config = searchConfigSchema.parse({
  noise: { kind: "gaussian", sigma255: 30 },
  space: {
    layers: metadata["layers"],
    nodes: metadata["nodes"],
    filters: metadata["filters"],
    widthFactors: metadata["width_factors"],
    primitives: metadata["primitives"],
  },
  search: {
    order: "second",
    ssimWeight: metadata["ssim_weight"],
    weights: { momentum: metadata["momentum"], weightDecay: metadata["weight_decay"], outputRateFactor: 1 },
  },
});

function vector(data: Float32Array<ArrayBuffer>): NamedTensor {
  return { shape: [data.length], data };
}

/** Lets a search go on from the recorded weights, momentum, alpha and beta. */
async function openState(): Promise<SupernetState> {
  const { space } = config;
  const missing = (name: string): Error => new Error(`missing ${name}`);
  const momentum = new Map(
    [...file.tensors].flatMap(([name, tensor]) =>
      name.startsWith("momentum.") ? [[name.slice("momentum.".length), tensor] as const] : [],
    ),
  );
  const dataOf = (name: string): Float32Array<ArrayBuffer> => file.tensors.get(name)?.data ?? new Float32Array();
  const logits = Float32Array.from([...dataOf("alpha"), ...dataOf("beta")]);
  const zeros = vector(new Float32Array(logits.length));
  const tensors = new Map<string, NamedTensor>([
    ...toEdgeTensors(space, fromEdgeTensors(space, file.tensors, missing)),
    ["arch.logits", vector(logits)],
    ["arch.first_moment", zeros],
    ["arch.second_moment", zeros],
    ["optimiser.momentum", vector(fromEdgeTensors(space, momentum, missing))],
  ]);
  const path = join(await makeRunFolder(afterAll), "recorded.safetensors");
  await writeCheckpoint(path, {
    kind: "search",
    tensors,
    notes: { step: "0", best: "null", space: JSON.stringify(space) },
  });
  const state = new SupernetState(config);
  await state.restore(path);
  return state;
}

function openHalf(half: "train" | "validation"): OpenPlanes {
  const clean: Tensor4D = referenceTensor(file, `${half}_clean`);
  const noisy = referenceTensor(file, `${half}_noisy`);
  return { clean, read: new Map([["noisy", noisy]]), close: () => { tf.dispose([clean, noisy]); } }; // prettier-ignore
}

describe("a second-order step", async () => {
  const { kernels } = await startEngine();
  let state: SupernetState;
  const halves = { train: openHalf("train"), validation: openHalf("validation") };
  beforeAll(async () => {
    state = await openState();
  });
  afterAll(() => {
    state.dispose();
    halves.train.close();
    halves.validation.close();
  });

  const errorsOf = ({ op, move }: ArchWeightGradients, order: "first" | "second") => {
    const weights = state.arch.weights();
    const alpha = op.flatMap((layer, l) => layer.flatMap((row, e) => softmaxGradient(weights.op[l]![e]!, row)));
    const beta = move.flatMap((row, router) => softmaxGradient(weights.move[router]!, row));
    const errorOf = (name: string, got: readonly number[]): number =>
      relativeError(got, file.tensors.get(`grad_${name}_${order}`)?.data ?? []);
    return { alpha: errorOf("alpha", alpha), beta: errorOf("beta", beta) };
  };

  it("gives the recorded gradients of alpha and beta, and the recorded loss after the step", () => {
    const { loss, archGradients } = unrolledGradients({ kernels, config, state }, halves, xi);
    const errors = errorsOf(archGradients, "second");
    expect(errors.alpha).toBeLessThan(1e-3);
    expect(errors.beta).toBeLessThan(1e-3);
    // What a run tells is the whole loss, of which steps take half.
    const expected = 2 * Number(metadata["validation_loss_unrolled"]);
    expect(Math.abs(loss - expected) / expected).toBeLessThan(1e-4);
  });

  it("gives the recorded gradients of the first order where nothing is unrolled, bit by bit those of a first-order step", () => {
    const { archGradients } = unrolledGradients({ kernels, config, state }, halves, 0);
    const errors = errorsOf(archGradients, "first");
    expect(errors.alpha).toBeLessThan(1e-4);
    expect(errors.beta).toBeLessThan(1e-4);
    expect(archGradients).toEqual(
      walkBack({ kernels, config, state }, halves.validation, state.weights, "arch").archGradients,
    );
  });

  it("moves the weights to the recorded places, and only for itself", () => {
    const before = Float32Array.from(state.weights.dataSync());
    const gradient = walkBack({ kernels, config, state }, halves.train, state.weights, "weights")
      .weightGradient as Tensor1D;
    const moved = state.previewWeights(gradient, xi);
    const parts = toEdgeTensors(config.space, Float32Array.from(moved.dataSync()));
    for (const name of ["stem_1.conv", "decoder.output.conv"]) {
      const expected = file.tensors.get(`unrolled.${name}`)?.data ?? [];
      expect(relativeError(parts.get(name)?.data ?? [], expected)).toBeLessThan(1e-4);
    }
    expect(state.weights.dataSync()).toEqual(before);
    tf.dispose([gradient, moved]);
  });

  it("leaves no tensor behind", async () => {
    expect(await countLeaks(() => unrolledGradients({ kernels, config, state }, halves, xi))).toBe(0);
  });
});
