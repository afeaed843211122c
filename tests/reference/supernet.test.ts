import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { softmaxGradient } from "#main/compute/search/softmaxGradient.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { supernetParameters } from "#main/compute/supernet/structure.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { denoisingLoss } from "#main/compute/train/denoisingLoss.ts";
import { searchSpaceSchema } from "#shared/space/searchSpace.ts";
import { softmax } from "#shared/space/softmax.ts";

import { HAS_REFERENCE, loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import { rows } from "#tests/helpers/rows.ts";

const TOLERANCE = 1e-4;

describe.skipIf(!HAS_REFERENCE)("supernet against the authors' code (skipped: no reference fixtures)", () => {
  it.each([false, true])("gives the same picture, loss and every gradient with recompute %s", async (recompute) => {
    const { kernels } = await startEngine();
    const { tensors, metadata } = loadReference("supernet.safetensors");
    const space = searchSpaceSchema.parse({
      layers: metadata["layers"],
      nodes: metadata["nodes"],
      filters: metadata["filters"],
      widthFactors: metadata["width_factors"],
      primitives: metadata["primitives"],
    });
    const get = (name: string) => tensors.get(name) ?? { shape: [0], data: new Float32Array() };
    const alpha = rows(get("alpha").data, get("alpha").shape) as number[][][];
    const beta = rows(get("beta").data, get("beta").shape) as number[][];
    const weights = { op: alpha.map((layer) => layer.map(softmax)), move: beta.map(softmax) };
    const flat = tf.tensor1d(fromEdgeTensors(space, tensors, (name) => new Error(`missing ${name}`)));
    const before = tf.memory().numTensors;

    const tape = new Tape(kernels, true);
    const parameters = openParameters(tape, supernetParameters(space), flat, true);
    const arch = new ArchLeaves(tape, weights, true);
    const [noisy, clean] = ["noisy", "clean"].map((name) =>
      tf.tensor4d(get(name).data, get(name).shape as [number, number, number, number]),
    ) as [tf.Tensor4D, tf.Tensor4D];
    const predicted = runSupernet(
      { tape, space, parameters: parameters.values, arch, recompute },
      tape.leaf(noisy, false),
    );
    expect(relativeError(predicted.tensor.dataSync(), get("predicted").data)).toBeLessThan(TOLERANCE);

    const loss = denoisingLoss(tape, predicted, clean, 0.6);
    expect(loss.tensor.dataSync()[0]).toBeCloseTo(Number(metadata["loss"]), 4);
    tape.backward(loss, tf.scalar(1));

    const archGradients = arch.takeGradients();
    const gradAlpha = archGradients.op.map((layer, l) =>
      layer.map((edge, e) => softmaxGradient(weights.op[l]?.[e] ?? [], edge)),
    );
    expect(relativeError(gradAlpha.flat(2), get("grad_alpha").data)).toBeLessThan(TOLERANCE);
    const gradBeta = archGradients.move.map((row, r) => softmaxGradient(weights.move[r] ?? [], row));
    expect(relativeError(gradBeta.flat(), get("grad_beta").data)).toBeLessThan(TOLERANCE);

    const gradient = parameters.takeGradient();
    const byEdge = toEdgeTensors(space, Float32Array.from(gradient.dataSync()));
    const compared = [...tensors.keys()]
      .filter((name) => name.startsWith("grad."))
      .map((name) => name.slice("grad.".length));
    expect(compared.length).toBeGreaterThan(100);
    const errors = compared.map((name) => ({
      name,
      error: relativeError(byEdge.get(name)?.data ?? [], get(`grad.${name}`).data),
    }));
    expect(errors.filter(({ error }) => !(error < TOLERANCE))).toEqual([]);

    arch.close();
    parameters.close();
    tape.dispose();
    tf.dispose([gradient, noisy, clean]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
