import * as tf from "@tensorflow/tfjs-core";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { startEngine } from "#main/compute/engine/engine.ts";
import { Tape } from "#main/compute/layers/tape.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { softmaxGradient } from "#main/compute/search/archVariables.ts";
import { ArchLeaves } from "#main/compute/supernet/archLeaves.ts";
import { opWeightName } from "#main/compute/supernet/mixedEdges.ts";
import { searchCell } from "#main/compute/supernet/searchCell.ts";
import { PRIMITIVES, specOf } from "#shared/space/cells/primitives.ts";
import { softmax } from "#shared/space/cells/softmax.ts";
import { edgesByState } from "#shared/space/cells/stateEdges.ts";
import { type EdgeParameter, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";

import { loadReference, relativeError } from "#tests/helpers/referenceFixtures.ts";
import type { ReferenceFile } from "#tests/helpers/referenceFixtures.ts";
import { rows } from "#tests/helpers/rows.ts";
import { referenceTensor } from "#tests/helpers/tensors.ts";

const TOLERANCE = 1e-4;
const factsSchema = z.object({ channels: z.int(), nodes: z.int(), primitives: z.array(z.enum(PRIMITIVES)) });

/** Filters of several edges side by side: the tensors of the edges, and how they are joined. */
interface FusedFilter {
  readonly leaf: Value;
  readonly edgeNames: readonly string[];
  readonly axis: EdgeParameter["edgeAxis"];
}

/** Everything that the cell gave, by the name of the tensor it is compared with. */
let results: Map<string, ArrayLike<number>>;
let file: ReferenceFile;

function fuseFilters(
  tape: Tape,
  { channels, nodes, primitives }: z.infer<typeof factsSchema>,
): Map<string, FusedFilter> {
  const fused = new Map<string, FusedFilter>();
  for (const { from, edges } of edgesByState(nodes)) {
    for (const primitive of primitives) {
      for (const { name, edgeAxis } of primitiveParameters(specOf(primitive), channels)) {
        const edgeNames = edges.map((edge) => `edge_${edge}.${primitive}.${name}`);
        const joined = tf.tidy(() =>
          tf.concat(
            edgeNames.map((edge) => referenceTensor(file, edge)),
            edgeAxis,
          ),
        );
        fused.set(`from_${from}.${primitive}.${name}`, { leaf: tape.leaf(joined, true), edgeNames, axis: edgeAxis });
      }
    }
  }
  return fused;
}

async function runCell(): Promise<Map<string, ArrayLike<number>>> {
  const { kernels } = await startEngine();
  const facts = factsSchema.parse(file.metadata);
  const { channels, nodes, primitives } = facts;
  const alpha = file.tensors.get("alpha") as { data: Float32Array; shape: number[] };
  const weights = (rows(alpha.data, alpha.shape) as number[][]).map(softmax);

  const tape = new Tape(kernels, true);
  const arch = new ArchLeaves(tape, { op: [weights], move: [] }, true);
  const states = ["s1", "s0"].map((name): [string, Value] => [name, tape.leaf(referenceTensor(file, name), true)]);
  const filters = fuseFilters(tape, facts);
  const inputs = new Map<string, Value<Tensor>>(states);
  filters.forEach(({ leaf }, name) => inputs.set(name, leaf));
  for (const { from, edges } of edgesByState(nodes)) {
    for (const [index, primitive] of primitives.entries()) {
      const { kind } = specOf(primitive);
      if (kind === "computed") inputs.set(opWeightName(from, primitive), arch.opScale(0, edges, index, channels));
      if (kind === "identity") inputs.set(opWeightName(from, primitive), arch.copyFilter(0, edges, index, channels));
    }
  }

  const output = searchCell(tape, { nodes, primitives, channels, offsetLimitPx: 2 }, inputs);
  const found = new Map<string, ArrayLike<number>>([["y", output.tensor.dataSync()]]);
  tape.backward(output, referenceTensor(file, "grad_y"));
  for (const [name, leaf] of states) found.set(`grad_${name}`, tape.takeGradient(leaf)?.dataSync() ?? []);
  for (const { leaf, edgeNames, axis } of filters.values()) {
    tf.split(tape.takeGradient(leaf) as Tensor4D, edgeNames.length, axis).forEach((part, edge) =>
      found.set(`grad.${edgeNames[edge] ?? ""}`, part.dataSync()),
    );
  }
  const [byEdge = []] = arch.takeGradients().op;
  found.set(
    "grad_alpha",
    byEdge.flatMap((gradient, edge) => softmaxGradient(weights[edge] ?? [], gradient)),
  );
  return found;
}

describe("the mixed cell of the authors' code", () => {
  beforeAll(async () => {
    file = loadReference("supercell.safetensors");
    results = await runCell();
  });

  const errorOf = (name: string): number => relativeError(results.get(name) ?? [], file.tensors.get(name)?.data ?? []);

  it.each(["y", "grad_s0", "grad_s1", "grad_alpha"])("gives the same %s", (name) => {
    expect(errorOf(name)).toBeLessThan(TOLERANCE);
  });

  it("gives the same gradient of every filter of every edge", () => {
    const names = [...file.tensors.keys()].filter((name) => name.startsWith("grad."));
    expect(names.toSorted()).toEqual([...results.keys()].filter((name) => name.startsWith("grad.")).toSorted());
    expect(names.filter((name) => !(errorOf(name) < TOLERANCE))).toEqual([]);
  });
});
