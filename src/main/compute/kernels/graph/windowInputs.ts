import type { Rank, Tensor } from "@tensorflow/tfjs-core";

import type { Rectangle } from "#shared/image/geometry.ts";

import type { Window, Windows } from "#main/compute/kernels/kernels.ts";
import { makeWindow } from "#main/compute/kernels/window.ts";

import type { GraphBuilder, GraphTensor } from "./graphBuilder.ts";
import { INT32 } from "./savedModel.ts";

interface Input extends Window {
  readonly from: number;
  readonly to: number;
  readonly begin: GraphTensor<Rank.R1>;
  readonly size: GraphTensor<Rank.R1>;
}

/** The windows that a graph crops to, which it is given at each run. */
export class WindowInputs {
  readonly #graph: GraphBuilder;
  readonly #inputs: Input[] = [];

  constructor(graph: GraphBuilder) {
    this.#graph = graph;
  }

  /** What a run gives, in the order of `fill`. */
  get nodes(): GraphTensor[] {
    return this.#inputs.flatMap(({ begin, size }) => [begin, size]);
  }

  readonly window: Windows = (from, to) => {
    const known = this.#inputs.find((input) => input.from === from && input.to === to);
    return known ?? this.#add(from, to);
  };

  /** Makes the values of one run, which belong to the caller. */
  fill(areas: readonly Rectangle[]): Tensor[] {
    return this.#inputs.flatMap(({ from, to }) => {
      const { begin, size } = makeWindow(areas, from, to);
      return [begin, size];
    });
  }

  #add(from: number, to: number): Window {
    const input = { from, to, begin: this.#vector(), size: this.#vector() };
    this.#inputs.push(input);
    return input;
  }

  #vector(): GraphTensor<Rank.R1> {
    return this.#graph.input<Rank.R1>(INT32, [4]);
  }
}
