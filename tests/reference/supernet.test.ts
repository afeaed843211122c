import * as tf from "@tensorflow/tfjs-core";
import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import type { TrainingKernels } from "#main/compute/kernels/kernels.ts";
import { gatherChannels } from "#main/compute/layers/channelPadding.ts";
import { openParameters } from "#main/compute/layers/parameters.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import { softmaxGradient } from "#main/compute/search/archVariables.ts";
import { ArchLeaves, type ArchWeights } from "#main/compute/supernet/archLeaves.ts";
import { fromEdgeTensors, toEdgeTensors } from "#main/compute/supernet/edgeTensors.ts";
import { supernetParameters } from "#shared/space/spaces/widths/supernetParameters.ts";
import { runSupernet } from "#main/compute/supernet/supernet.ts";
import { runLayers } from "#main/compute/supernet/widthsSupernet.ts";
import { denoisingLoss } from "#main/compute/learning/denoisingLoss.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import { channelsOfLevel } from "#shared/space/spaces/widths/widthLevels.ts";

import { loadReference, loadSearchReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import type { ReferenceFile } from "#tests/helpers/referenceFixtures.ts";
import { rows } from "#tests/helpers/rows.ts";
import { countLeaks, referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;

/** What a file may hold besides weights and their gradients. */
const PARTS = ["hidden_0", "hidden_1", "hidden_2", "predicted", "grad_alpha", "grad_beta"];

/** How the file's note says that its loss weighs the SSIM term beside the mean squared error. */
function ssimWeightOf({ metadata }: ReferenceFile): number {
  const note = String(metadata["note"]);
  const [, weight] = /\bloss = mse \+ ([0-9.]+)\*log_ssim_loss\b/.exec(note) ?? [];
  if (weight === undefined)
    throw new Error(`reference: supernet's note must give the weight of the SSIM term: ${note}`);
  return Number(weight);
}

function spaceOf({ metadata }: ReferenceFile): SearchSpace {
  const { layers, nodes, filters, width_factors: widthFactors, primitives } = metadata;
  const cellSharing = !String(metadata["note"]).startsWith("The supernet without cell sharing");
  return searchSpaceSchema.parse({ layers, nodes, filters, widthFactors, primitives, cellSharing });
}

function logitsOf({ tensors }: ReferenceFile, name: string): unknown {
  const { data = new Float32Array(), shape = [] } = tensors.get(name) ?? {};
  return rows(data, shape);
}

/** Runs the supernet up to the decoder and returns what each width level gives it, without the zeros that fill channels up. */
function runHidden(
  kernels: TrainingKernels,
  space: SearchSpace,
  weights: ArchWeights,
  flat: Tensor1D,
  noisy: Tensor4D,
) {
  const outputs = tf.tidy(() => {
    const tape = new Tape(kernels, false);
    const parameters = openParameters(tape, supernetParameters(space), flat, false).values;
    const arch = new ArchLeaves(tape, weights, false);
    const pass = { tape, space, parameters, arch, recompute: false };
    return runLayers(pass, new Map([["noisy", tape.leaf(noisy, false)]])).map(({ tensor }) => tensor);
  });
  return outputs.map((tensor, level): [string, ArrayLike<number>] => {
    const groups = space.nodes;
    const channels = channelsOfLevel(space, level);
    const [batch, height, width] = tensor.shape;
    const data = Float32Array.from(tensor.dataSync());
    tensor.dispose();
    const shape = [batch, height, width, groups * channels];
    return [`hidden_${level}`, gatherChannels(data, shape, [{ axis: 3, groups, channels }])];
  });
}

/** One pass forward and back: everything it gives by the name of the tensor it is compared with, and the loss. */
async function runPass(file: ReferenceFile, recompute: boolean) {
  const { kernels } = await startEngine();
  const space = spaceOf(file);
  const alpha = logitsOf(file, "alpha") as number[][][];
  const beta = logitsOf(file, "beta") as number[][];
  const weights = { op: alpha.map((layer) => layer.map(softmax)), move: beta.map(softmax) };
  const flat = tf.tensor1d(fromEdgeTensors(space, file.tensors, (name) => new Error(`missing ${name}`)));
  const [noisy, clean] = ["noisy", "clean"].map((name) => referenceTensor(file, name)) as [Tensor4D, Tensor4D];

  const tape = new Tape(kernels, true);
  const parameters = openParameters(tape, supernetParameters(space), flat, true);
  const arch = new ArchLeaves(tape, weights, true);
  const pass = { tape, space, parameters: parameters.values, arch, recompute };
  const predicted = runSupernet(pass, new Map([["noisy", tape.leaf(noisy, false)]]));
  const results = new Map<string, ArrayLike<number>>([
    ["predicted", predicted.tensor.dataSync()],
    ...runHidden(kernels, space, weights, flat, noisy),
  ]);
  const loss = denoisingLoss(tape, predicted, clean, ssimWeightOf(file));
  const lossValue = loss.tensor.dataSync()[0] ?? NaN;
  tape.backward(loss, tf.scalar(1));

  const { op, move } = arch.takeGradients();
  const byAlpha = op.flatMap((layer, l) => layer.flatMap((edge, e) => softmaxGradient(weights.op[l]?.[e] ?? [], edge)));
  results.set("grad_alpha", byAlpha);
  results.set(
    "grad_beta",
    move.flatMap((row, router) => softmaxGradient(weights.move[router] ?? [], row)),
  );
  const gradient = parameters.takeGradient();
  toEdgeTensors(space, Float32Array.from(gradient.dataSync())).forEach(({ data }, name) =>
    results.set(`grad.${name}`, data),
  );
  arch.close();
  parameters.close();
  tape.dispose();
  tf.dispose([gradient, noisy, clean, flat]);
  return { results, loss: lossValue };
}

describe.each([
  ["the supernet of the authors' code", () => loadReference("supernet.safetensors")],
  ["a supernet without cell sharing", () => loadSearchReference("unshared.safetensors")],
])("%s", (_, load) => {
  describe.each([false, true])("with recompute %s", (recompute) => {
    let file: ReferenceFile;
    let pass: Awaited<ReturnType<typeof runPass>>;

    beforeAll(async () => {
      file = load();
      pass = await runPass(file, recompute);
    });

    const errorOf = (name: string): number =>
      relativeError(pass.results.get(name) ?? [], file.tensors.get(name)?.data ?? []);

    it("gives the same loss", () => {
      const expected = Number(file.metadata["loss"]);
      expect(Math.abs(pass.loss - expected) / expected).toBeLessThan(TOLERANCE);
    });

    it.each(PARTS.filter((name) => load().tensors.has(name)))("gives the same %s", (name) => {
      expect(errorOf(name)).toBeLessThan(TOLERANCE);
    });

    it("gives the same gradient of every weight variable that the file lists", () => {
      const names = [...file.tensors.keys()].filter((name) => name.startsWith("grad."));
      expect(names).not.toEqual([]);
      expect(names.filter((name) => !(errorOf(name) < TOLERANCE))).toEqual([]);
    });

    it("reads every tensor of the file", () => {
      const { tensors } = file;
      const weights = [...toEdgeTensors(spaceOf(file), fromEdgeTensors(spaceOf(file), tensors, Error)).keys()];
      const read = ["noisy", "clean", "alpha", "beta", ...weights, ...pass.results.keys()];
      expect([...tensors.keys()].filter((name) => !read.includes(name))).toEqual([]);
    });

    it("leaves no tensor behind", async () => {
      expect(await countLeaks(() => runPass(file, recompute))).toBe(0);
    });
  });
});
