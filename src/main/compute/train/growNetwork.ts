import { at } from "#shared/at.ts";
import { findGrowth, type Growth } from "#shared/space/graph/growth.ts";
import { firstInputOf, graphParameters, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { type GraphNode, liveNodes, type NetworkGraph } from "#shared/space/graph/networkGraph.ts";

/** Numbers by the name of their parameter, without padding. */
type Numbers = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** A network, and its parameters and running statistics together. */
interface Learnt {
  readonly graph: NetworkGraph;
  readonly numbers: Numbers;
}

/** Numbers of a shape, without padding. */
interface Block {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Puts what a network has learnt into a larger one so that it computes the same: each filter lies in the middle of the larger filter, and
 * what old channels get from new ones begins with zeros; new channels keep what was drawn for them, so that they learn something of
 * their own. Null where the one does not grow into the other.
 */
export function growNetwork(from: Learnt, to: Learnt): Numbers | null {
  const growth = findGrowth(from.graph, to.graph);
  if (growth === null) return null;
  const numbers = new Map([...to.numbers].map(([name, values]) => [name, values.slice()]));
  const [small, large] = [shapesOf(from.graph), shapesOf(to.graph)];
  for (const node of liveNodes(from.graph)) {
    for (const name of ownNames(node, small)) {
      const source = { shape: valueOf(small, name), values: valueOf(from.numbers, name) };
      const target = { shape: valueOf(large, name), values: valueOf(numbers, name) };
      const axes = axesOf(node, growth, source.shape, target.shape);
      // The channel that a number belongs to: a depthwise filter has it on the last axis but one.
      copyInto(target, source, axes, node.kind === "depthwise" ? axes.length - 2 : axes.length - 1);
    }
  }
  return numbers;
}

/** The names of a node's parameters and running statistics. */
function ownNames({ name, kind }: GraphNode, shapes: ReadonlyMap<string, unknown>): readonly string[] {
  const endings = kind === "norm" ? [".gamma", ".beta", ".mean", ".variance"] : kind === "bias" ? [".bias"] : [""];
  return endings.map((ending) => name + ending).filter((each) => shapes.has(each));
}

/** Where each index of each axis goes: a filter's pixels to the middle, channels to their places. */
function axesOf(
  node: GraphNode,
  growth: Growth,
  small: readonly number[],
  large: readonly number[],
): readonly (readonly number[])[] {
  const places = valueOf(growth, node.name);
  if (node.kind !== "convolution" && node.kind !== "depthwise") return [places];
  const [from, to] = [at(small, 0, "filter"), at(large, 0, "filter")];
  const pixels = Array.from({ length: from }, (_, pixel) => pixel + (to - from) / 2);
  return node.kind === "depthwise"
    ? [pixels, pixels, places, [0]]
    : [pixels, pixels, valueOf(growth, firstInputOf(node)), places];
}

/** Copies a block to its places in a larger one; all else that belongs to an old place of the axis `own` becomes zero. */
function copyInto(target: Block, source: Block, axes: readonly (readonly number[])[], own: number): void {
  const old = new Set(at(axes, own, "axes"));
  for (let index = 0; index < target.values.length; index++) {
    if (old.has(at(placeOf(index, target.shape), own, "axes"))) target.values[index] = 0;
  }
  for (const [index, value] of source.values.entries()) {
    const place = placeOf(index, source.shape).map((each, axis) => at(at(axes, axis, "axes"), each, "places"));
    target.values[place.reduce((flat, each, axis) => flat * at(target.shape, axis, "shape") + each, 0)] = value;
  }
}

/** The place of a number in a block of a shape, row by row. */
function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let left = index;
  for (const length of shape.toReversed()) {
    place.unshift(left % length);
    left = Math.floor(left / length);
  }
  return place;
}

function shapesOf(graph: NetworkGraph): ReadonlyMap<string, readonly number[]> {
  return new Map([...graphParameters(graph), ...graphStatistics(graph)].map(({ name, shape }) => [name, shape]));
}

function valueOf<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new Error(`growth: there is nothing named ${name}`);
  return value;
}
