import type { Primitive } from "./primitives.ts";

/** A state inside a cell by name: `s1` is the layer before the previous one, `s0` the previous layer, then the nodes. */
export type StateName = "s1" | "s0" | `node_${number}`;

/** One kept edge: which state it reads and through which primitive. */
export interface GenotypeEdge {
  readonly from: StateName;
  readonly primitive: Primitive;
}

/** One layer's cell: for each node its kept edges, strongest first. */
export interface GenotypeCell {
  readonly nodes: readonly (readonly GenotypeEdge[])[];
}

/** A derived architecture as plain data. `widthPath[l]` is the width level of layer l, an index into `widthFactors`. */
export interface Genotype {
  readonly schema: "hinas.genotype";
  readonly version: 1;
  readonly widthFactors: readonly number[];
  readonly cells: readonly GenotypeCell[];
  readonly widthPath: readonly number[];
}
