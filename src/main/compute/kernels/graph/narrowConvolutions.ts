import { BFLOAT16, FLOAT } from "./savedModel.ts";
import type { GraphNode } from "./savedModel.ts";

/** Which inputs of an op are numbers; the others are shapes. Sums over pixels stay in 32 bits: their errors would add up. */
const NARROWED: Readonly<Record<string, readonly number[]>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  BiasAdd: [0, 1],
};

/**
 * Returns the nodes with convolutions, their gradients and their biases computed from bfloat16 numbers (8 bits of precision, the
 * range of a 32-bit float), which processors with instructions for it multiply twice as fast. What they give is widened for
 * every other reader, so that sums of branches, activations, losses and weights keep 32 bits. Convolutions with the filters
 * `fixed` stay as they are: the windows of SSIM, which subtracts what is nearly equal.
 */
export function narrowConvolutions(
  nodes: readonly GraphNode[],
  fixed: { has(node: string): boolean },
): readonly GraphNode[] {
  const narrowed: GraphNode[] = [];
  const converted = new Map<string, string>();
  const narrow = new Set<string>();
  const convert = (output: string, from: number, to: number): string => {
    const known = converted.get(output);
    if (known !== undefined) return known;
    const name = `Convert_${converted.size}`;
    narrowed.push({ name, op: "Cast", input: [output], attr: { SrcT: { type: from }, DstT: { type: to } } });
    converted.set(output, name);
    return name;
  };
  for (const node of nodes) {
    const places = node.input.some((output) => fixed.has(output)) ? [] : (NARROWED[node.op] ?? []);
    const input = node.input.map((output, place) => {
      if (narrow.has(output)) return places.includes(place) ? output : convert(output, BFLOAT16, FLOAT);
      return places.includes(place) ? convert(output, FLOAT, BFLOAT16) : output;
    });
    const isNarrow = places.length > 0;
    if (isNarrow) narrow.add(node.name);
    narrowed.push({ ...node, input, ...(isNarrow ? { attr: { ...node.attr, T: { type: BFLOAT16 } } } : {}) });
  }
  return narrowed;
}
