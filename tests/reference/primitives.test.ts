import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { mixedEdges, opWeightName } from "#main/compute/supernet/mixedEdges.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { JOURNAL_PRIMITIVES } from "#shared/space/spaces/searchSpace.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

import { loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import type { ReferenceFile } from "#tests/helpers/referenceFixtures.ts";
import { referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;
const STATE = "s0";

/** The names of the filters of a primitive. */
function filterNames(primitive: Primitive, { metadata }: ReferenceFile): string[] {
  return primitiveParameters(specOf(primitive), Number(metadata["channels"])).map(({ name }) => name);
}

/** The largest error of the output and of each gradient of one primitive on one edge with op weight 1. */
async function measureErrors(primitive: Primitive): Promise<Record<string, number>> {
  const { kernels } = await startEngine();
  const file = loadReference("primitives.safetensors");
  const filters = filterNames(primitive, file);
  const expected = (name: string): Float32Array => file.tensors.get(`${primitive}.${name}`)?.data ?? new Float32Array();

  const tape = new Tape(kernels, true);
  const leaves = new Map(
    ["x", ...filters].map((name) => [name, tape.leaf(referenceTensor(file, `${primitive}.${name}`), true)]),
  );
  const x = leaves.get("x") as Value;
  const inputs = new Map<string, Value<Tensor>>(
    filters.map((name) => [`from_${STATE}.${primitive}.${name}`, leaves.get(name) as Value]),
  );
  // An edge with nothing but `none` does not exist: beside it stands a skip connection that counts nothing.
  const candidates: readonly Primitive[] =
    specOf(primitive).kind === "zero" ? [primitive, "skip_connect"] : [primitive];
  for (const candidate of candidates) {
    inputs.set(opWeightName(STATE, candidate), opWeight(tape, candidate, x.tensor.shape[3], candidate === primitive));
  }
  const [y] = mixedEdges(
    tape,
    x,
    STATE,
    1,
    { primitives: candidates, channels: x.tensor.shape[3], offsetLimitPx: 2 },
    inputs,
  ) as [Value];
  const errors: Record<string, number> = { y: relativeError(y.tensor.dataSync(), expected("y")) };
  tape.backward(y, referenceTensor(file, `${primitive}.grad_y`));
  for (const [name, leaf] of leaves) {
    const gradient = tape.takeGradient(leaf)?.dataSync() ?? [];
    errors[name] = relativeError(gradient, expected(name === "x" ? "grad_x" : `grad.${name}`));
  }
  return errors;
}

/** The op weight of a primitive in the form in which an edge reads it. */
function opWeight(tape: Tape, primitive: Primitive, channels: number, counts: boolean): Value<Tensor> {
  const weight: Tensor1D = tf.fill([channels], counts ? 1 : 0);
  const isFilter = specOf(primitive).kind === "identity";
  return tape.leaf(isFilter ? tf.reshape(tf.diag(weight), [1, 1, channels, channels]) : weight, false);
}

describe("primitives of the authors' code", () => {
  it.each(JOURNAL_PRIMITIVES)(
    "%s gives the same output and the same gradient of its input and of every filter",
    async (name) => {
      const errors = await measureErrors(name);
      expect(Object.entries(errors).filter(([, error]) => !(error < TOLERANCE))).toEqual([]);
    },
  );

  it("reads every tensor of the file", () => {
    const file = loadReference("primitives.safetensors");
    const read = JOURNAL_PRIMITIVES.flatMap((primitive) => {
      const filters = filterNames(primitive, file);
      const parts = ["x", "y", "grad_y", "grad_x", ...filters.flatMap((name) => [name, `grad.${name}`])];
      return parts.map((part) => `${primitive}.${part}`);
    });
    expect([...file.tensors.keys()].toSorted()).toEqual(read.toSorted());
  });
});
