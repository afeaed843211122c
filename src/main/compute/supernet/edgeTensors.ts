import { at } from "#shared/at.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { sizeOfShape } from "#shared/space/graph/parameters.ts";
import { type EdgeParameter, primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";
import { outerSpaceOf } from "#shared/space/spaces/outerSpaces.ts";
import { mixedChannels } from "#shared/space/spaces/supernetCosts.ts";

import { cutParameters, layParameters } from "#main/compute/layers/parameters.ts";

/** A tensor outside the engine. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Where a fused parameter's edges are found: their own names, and how they lie in it. */
interface EdgeLayout {
  readonly edgeNames: readonly string[];
  readonly parameter: EdgeParameter;
}

/**
 * Cuts the stored parameter vector of a supernet into tensors by name, one per edge and filter: the names under which
 * checkpoints store them, independent of how the engine lays filters side by side.
 */
export function toEdgeTensors(space: SearchSpace, flat: Float32Array): Map<string, PlainTensor> {
  const layouts = edgeLayouts(space);
  const tensors = new Map<string, PlainTensor>();
  const specs = outerSpaceOf(space).parameters(space);
  const parts = [...cutParameters(specs, flat).values()];
  for (const [index, { name, shape }] of specs.entries()) {
    const data = at(parts, index, "parameters");
    const layout = layouts.get(name);
    if (layout === undefined) {
      tensors.set(name, { shape, data });
    } else {
      layout.edgeNames.forEach((edgeName, edge) => tensors.set(edgeName, cutEdge(data, layout, edge)));
    }
  }
  return tensors;
}

/**
 * The inverse of `toEdgeTensors`: lays the named tensors into one stored vector. `describeMissing` turns the name of a tensor
 * that is missing or has another size into the error to throw.
 */
export function fromEdgeTensors(
  space: SearchSpace,
  tensors: ReadonlyMap<string, PlainTensor>,
  describeMissing: (name: string, shape: readonly number[]) => Error,
): Float32Array<ArrayBuffer> {
  const layouts = edgeLayouts(space);
  const find = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.data.length !== sizeOfShape(shape)) {
      throw describeMissing(name, shape);
    }
    return tensor.data;
  };
  return layParameters(outerSpaceOf(space).parameters(space), ({ name, shape }) => {
    const layout = layouts.get(name);
    if (layout === undefined) {
      return find(name, shape);
    }
    const fused = new Float32Array(sizeOfShape(shape));
    layout.edgeNames.forEach((edgeName, edge) => {
      pasteEdge(fused, layout, edge, find(edgeName, layout.parameter.edgeShape));
    });
    return fused;
  });
}

/** Maps each fused parameter's name to the names of its edges. */
function edgeLayouts(space: SearchSpace): Map<string, EdgeLayout> {
  return new Map(
    outerSpaceOf(space)
      .cells(space)
      .flatMap(({ prefix, channels, states }) =>
        states.flatMap(({ from, edges }) =>
          space.primitives.flatMap((primitive) =>
            primitiveParameters(specOf(primitive), mixedChannels(space, channels)).map(
              (parameter): [string, EdgeLayout] => [
                `${prefix}.from_${from}.${primitive}.${parameter.name}`,
                { parameter, edgeNames: edges.map((edge) => `${prefix}.edge_${edge}.${primitive}.${parameter.name}`) },
              ],
            ),
          ),
        ),
      ),
  );
}

/** Edges alternate in runs of `runLength` numbers: everything from the edge axis to the last. */
function runLength({ parameter }: EdgeLayout): number {
  return sizeOfShape(parameter.edgeShape.slice(parameter.edgeAxis));
}

function cutEdge(fused: Float32Array, layout: EdgeLayout, edge: number): PlainTensor {
  const { edgeShape } = layout.parameter;
  const data = new Float32Array(sizeOfShape(edgeShape));
  const run = runLength(layout);
  const stride = run * layout.edgeNames.length;
  for (let from = edge * run, to = 0; to < data.length; from += stride, to += run) {
    data.set(fused.subarray(from, from + run), to);
  }
  return { shape: edgeShape, data };
}

function pasteEdge(fused: Float32Array, layout: EdgeLayout, edge: number, data: Float32Array): void {
  const run = runLength(layout);
  const stride = run * layout.edgeNames.length;
  for (let to = edge * run, from = 0; from < data.length; from += run, to += stride) {
    fused.set(data.subarray(from, from + run), to);
  }
}
