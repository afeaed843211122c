import type { GraphNode, NodeOperation } from "./networkGraph.ts";

/** Collects the nodes of a graph in their order; each method adds some and returns the name of the value to read. */
export class GraphDraft {
  readonly nodes: GraphNode[] = [];
  #part = "";

  /** Counts what is added from now on for a part of the network. */
  begin(part: string): void {
    this.#part = part;
  }

  add(name: string, inputs: readonly string[], operation: NodeOperation): string {
    this.nodes.push({ name, part: this.#part, inputs, ...operation });
    return name;
  }

  activate(x: string): string {
    return this.add(`${x}.active`, [x], { kind: "activation" });
  }

  /** A convolution `<prefix>.conv` and its norm `<prefix>.bn`. */
  convolve(prefix: string, x: string, { side, channels, isAffine = true, gain }: ConvolutionSettings): string {
    const start = gain === undefined ? {} : { gain };
    const filtered = this.add(`${prefix}.conv`, [x], { kind: "convolution", side, dilation: 1, channels, ...start });
    return this.add(`${prefix}.bn`, [filtered], { kind: "norm", isAffine });
  }

  /** A depthwise and a pointwise convolution, each normalised and activated. */
  convolveSeparably(prefix: string, x: string, channels: number): string {
    const spread = this.add(`${prefix}.depthwise`, [x], { kind: "depthwise", side: 3, dilation: 1 });
    const filtered = this.activate(this.add(`${spread}.bn`, [spread], { kind: "norm", isAffine: true }));
    const mixed = this.add(`${prefix}.pointwise`, [filtered], { kind: "convolution", side: 1, dilation: 1, channels });
    return this.activate(this.add(`${mixed}.bn`, [mixed], { kind: "norm", isAffine: true }));
  }
}

interface ConvolutionSettings {
  readonly side: number;
  readonly channels: Extract<NodeOperation, { kind: "convolution" }>["channels"];
  readonly isAffine?: boolean;
  readonly gain?: number;
}
