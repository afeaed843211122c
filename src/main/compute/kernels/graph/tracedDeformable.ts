import type { Rank, Tensor4D } from "@tensorflow/tfjs-core";

import type { Taps } from "#main/compute/kernels/kernels.ts";

import type { GraphBuilder, GraphTensor } from "./graphBuilder.ts";
import { BOOL, FLOAT, INT32 } from "./savedModel.ts";
import type { NodeAttribute } from "./savedModel.ts";

/** Pictures that a node computes. */
export type Node4D = GraphTensor<Rank.R4>;

/** What a deformable convolution reads besides its filter. */
interface TracedInputs {
  readonly x: Node4D;
  readonly offsets: Node4D;
  readonly masks: Node4D;
}

/** Where everything begins on every axis but the last: bits of a mask. */
const ALL_BUT_CHANNELS = 0b111;

/**
 * Writes into a graph what the taps of a deformable filter of a side read, times how much they count, for pictures of any size:
 * `[B, H, W, taps * C]`, tap by tap; see `ForwardKernels.deformable`.
 */
export function traceTaps(
  graph: GraphBuilder,
  inputs: TracedInputs,
  side: number,
  { dilation, groups }: Taps,
): Tensor4D {
  const ops = new GraphOps(graph);
  const taps = side * side;
  const middle = (side - 1) / 2;
  const still = Array.from({ length: taps }, (_, tap) => [Math.floor(tap / side) - middle, (tap % side) - middle]);
  const grid = makeGrid(ops, inputs.x);
  let begin = 0;
  const parts = groups.map((size, group) => {
    const along = (axis: 0 | 1): GraphTensor => {
      const moves = ops.everySecond(inputs.offsets, 2 * group * taps + axis, 2 * (group + 1) * taps);
      const places = graph.constant<Rank.R4>(Float32Array.from(still, (step) => (step[axis] ?? 0) * dilation), [1, 1, 1, taps]); // prettier-ignore
      return ops.binary("AddV2", ops.binary("AddV2", moves, places), axis === 0 ? grid.rows : grid.columns);
    };
    const picture = ops.slice(inputs.x, begin, size);
    const masks = ops.slice(inputs.masks, group * taps, taps);
    begin += size;
    return readGroup(ops, grid, { picture, masks, y: along(0), x: along(1) });
  });
  const [first, ...others] = parts;
  if (first === undefined) throw new Error("graph: a deformable convolution has a channel group");
  return ops.asChannels(others.length === 0 ? first : ops.concat(parts, 4), inputs.x, taps);
}

/** The place of every pixel, `[B, H, W, 1]`, and the last row and column, one number each. */
interface Grid {
  readonly pictures: GraphTensor;
  readonly rows: GraphTensor;
  readonly columns: GraphTensor;
  readonly lastRow: GraphTensor;
  readonly lastColumn: GraphTensor;
}

function makeGrid(ops: GraphOps, x: GraphTensor): Grid {
  const one = ops.slice(x, 0, 1);
  const ones = ops.unary("OnesLike", one);
  const [pictures, rows, columns] = [0, 1, 2].map((axis) => ops.countAlong(ones, axis));
  if (pictures === undefined || rows === undefined || columns === undefined)
    throw new Error("graph: a grid has three axes");
  return { pictures, rows, columns, lastRow: ops.largest(rows), lastColumn: ops.largest(columns) };
}

interface GroupReading {
  readonly picture: GraphTensor;
  readonly masks: GraphTensor;
  readonly y: GraphTensor;
  readonly x: GraphTensor;
}

/** What the taps of a channel group read, times how much they count: `[B, H, W, taps, C]`. */
function readGroup(ops: GraphOps, grid: Grid, { picture, masks, y, x }: GroupReading): GraphTensor {
  const pictures = ops.binary("AddV2", grid.pictures, ops.unary("ZerosLike", y));
  const corners = twoSides(ops, y, grid.lastRow).flatMap((row) =>
    twoSides(ops, x, grid.lastColumn).map((column) => {
      const weight = ops.binary("Mul", ops.binary("Mul", row.weight, column.weight), masks);
      const places = ops.toIntegers(ops.pack([pictures, row.place, column.place]));
      return ops.binary("Mul", ops.gather(picture, places), ops.widen(weight));
    }),
  );
  return ops.sum(corners);
}

/** The whole numbers on both sides of a place, within the picture, and how much each counts: nothing outside. */
function twoSides(ops: GraphOps, place: GraphTensor, last: GraphTensor): { place: GraphTensor; weight: GraphTensor }[] {
  const floor = ops.unary("Floor", place);
  const share = ops.binary("Sub", place, floor);
  return [0, 1].map((side) => {
    const whole = side === 0 ? floor : ops.binary("AddV2", floor, ops.number(1));
    const within = ops.binary("Minimum", ops.binary("Maximum", whole, ops.number(0)), last);
    const inside = ops.toFloats(ops.binary("Equal", whole, within));
    const weight = side === 0 ? ops.binary("Sub", ops.number(1), share) : share;
    return { place: within, weight: ops.binary("Mul", weight, inside) };
  });
}

/** Adds nodes whose shapes nobody reads but at the end. */
class GraphOps {
  readonly #graph: GraphBuilder;

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  number(value: number): GraphTensor {
    return this.#graph.constant<Rank.R0>(Float32Array.of(value), []);
  }

  unary(op: string, x: GraphTensor): GraphTensor {
    return this.#add(op, [x], { T: { type: FLOAT } });
  }

  binary(op: string, a: GraphTensor, b: GraphTensor): GraphTensor {
    return this.#add(op, [a, b], { T: { type: FLOAT }, ...(op === "Equal" ? { incompatible_shape_error: { b: true } } : {}) }); // prettier-ignore
  }

  sum(terms: readonly GraphTensor[]): GraphTensor {
    return this.#add("AddN", terms, { T: { type: FLOAT }, N: { i: terms.length } });
  }

  slice(x: GraphTensor, begin: number, count: number): GraphTensor {
    const window = [this.#graph.integers([0, 0, 0, begin]), this.#graph.integers([-1, -1, -1, count])];
    return this.#add("Slice", [x, ...window], { T: { type: FLOAT }, Index: { type: INT32 } });
  }

  everySecond(x: GraphTensor, begin: number, end: number): GraphTensor {
    const [from, to, step] = [[0, 0, 0, begin], [0, 0, 0, end], [1, 1, 1, 2]].map((each) => this.#graph.integers(each)); // prettier-ignore
    if (from === undefined || to === undefined || step === undefined) throw new Error("graph: a slice has three sizes");
    const masks = { begin_mask: { i: ALL_BUT_CHANNELS }, end_mask: { i: ALL_BUT_CHANNELS } };
    return this.#add("StridedSlice", [x, from, to, step], { T: { type: FLOAT }, Index: { type: INT32 }, ...masks });
  }

  /** 0, 1, 2, ... along an axis, from ones. */
  countAlong(ones: GraphTensor, axis: number): GraphTensor {
    const attributes = { T: { type: FLOAT }, Tidx: { type: INT32 }, exclusive: { b: true } };
    return this.#add("Cumsum", [ones, this.#graph.integer(axis)], attributes);
  }

  largest(x: GraphTensor): GraphTensor {
    return this.#add("Max", [x, this.#graph.integers([0, 1, 2, 3])], { T: { type: FLOAT }, Tidx: { type: INT32 } });
  }

  pack(parts: readonly GraphTensor[]): GraphTensor {
    return this.#add("Pack", parts, { T: { type: FLOAT }, N: { i: parts.length }, axis: { i: 4 } });
  }

  concat(parts: readonly GraphTensor[], axis: number): GraphTensor {
    const attributes = { T: { type: FLOAT }, Tidx: { type: INT32 }, N: { i: parts.length } };
    return this.#add("ConcatV2", [...parts, this.#graph.integer(axis)], attributes);
  }

  toIntegers(x: GraphTensor): GraphTensor {
    return this.#add("Cast", [x], { SrcT: { type: FLOAT }, DstT: { type: INT32 } });
  }

  toFloats(x: GraphTensor): GraphTensor {
    return this.#add("Cast", [x], { SrcT: { type: BOOL }, DstT: { type: FLOAT } });
  }

  gather(x: GraphTensor, places: GraphTensor): GraphTensor {
    return this.#add("GatherNd", [x, places], { Tparams: { type: FLOAT }, Tindices: { type: INT32 } });
  }

  /** Adds an axis at the end. */
  widen(x: GraphTensor): GraphTensor {
    return this.#add("ExpandDims", [x, this.#graph.integer(-1)], { T: { type: FLOAT }, Tdim: { type: INT32 } });
  }

  /** Lays the last two axes of `[B, H, W, taps, C]` side by side; B, H and W are those of the picture. */
  asChannels(x: GraphTensor, picture: Node4D, taps: number): Tensor4D {
    const [batch, height, width, channels] = picture.shape;
    const whole = this.#add("Shape", [picture], { T: { type: FLOAT }, out_type: { type: INT32 } });
    const window = [this.#graph.integers([0]), this.#graph.integers([3])];
    const pixels = this.#add("Slice", [whole, ...window], { T: { type: INT32 }, Index: { type: INT32 } });
    const last = this.#graph.integers([taps * channels]);
    const joining = { T: { type: INT32 }, Tidx: { type: INT32 }, N: { i: 2 } };
    const sizes = this.#add("ConcatV2", [pixels, last, this.#graph.integer(0)], joining);
    const reshaping = { T: { type: FLOAT }, Tshape: { type: INT32 } };
    return this.#graph.add<Rank.R4>("Reshape", [x, sizes], reshaping, [batch, height, width, taps * channels]);
  }

  #add(op: string, inputs: readonly GraphTensor[], attributes: Readonly<Record<string, NodeAttribute>>): GraphTensor {
    return this.#graph.add(op, inputs, attributes, []);
  }
}
