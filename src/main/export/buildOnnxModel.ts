import { assertNever } from "#shared/assertNever.ts";
import { at } from "#shared/at.ts";
import { planExecution } from "#shared/space/graph/execution.ts";
import { biasName, graphParameters } from "#shared/space/graph/graphParameters.ts";
import {
  asFilter,
  formOfNode,
  type GraphNode,
  liveNodes,
  type NetworkGraph,
  type NodeOf,
  type ValueForm,
  valueForms,
} from "#shared/space/graph/networkGraph.ts";
import { countChannels, type ParameterSpec } from "#shared/space/graph/parameters.ts";
import { offsetChannels } from "#shared/space/graph/tapMap.ts";
import type { Crop, Trimming } from "#shared/space/graph/trimming.ts";

import { FLOAT, INT32, type OnnxModel, type OnnxNode, type OnnxTensor } from "./onnxModel.ts";
import { turnFilter } from "./turnFilter.ts";

/** What comes out of an exported network. */
export const OUTPUT = "denoised";
const WINDOW_AXES = "window_axes";
/** How much a pixel gives to the four pixels of twice the size that lie along one side of it. */
const BILINEAR = [0.25, 0.75, 0.75, 0.25];

/** A network as it is exported. */
export interface OnnxWish {
  /** Its norms are folded into its filters. */
  readonly graph: NetworkGraph;
  /** By name, as `graphParameters` lists them: filters HWIO, unpadded. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly leakySlope: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where tiles are cropped on their way; the windows are further inputs, see `windowNames`. Null for a file. */
  readonly trimming: Trimming | null;
}

/**
 * Describes a network as an ONNX model, float32 NCHW: planes `[N, C, H, W]` by their names in, `denoised` out. `H` and `W`
 * must be multiples of the graph's largest scale. Throws an Error for a graph whose norms are not folded.
 */
export function buildOnnxModel(wish: OnnxWish): OnnxModel {
  const writer = new Writer(wish);
  const nodes = planExecution(wish.graph).flatMap(({ nodes: step }) => step);
  for (const node of nodes) writer.write(node);
  const forms = valueForms(wish.graph);
  const planes = nodes.filter((node) => node.kind === "input");
  const { channels } = formOfNode(forms, wish.graph.output);
  const windows = writer.crops.map(windowNames).flatMap(({ begin, end }) => [begin, end]);
  return {
    nodes: writer.nodes,
    initializers: writer.initializers,
    inputs: [
      ...planes.map((plane) => ({ name: plane.name, type: FLOAT, dims: ["N", plane.channels, "H", "W"] }) as const),
      ...windows.map((name) => ({ name, type: INT32, dims: [2] }) as const),
    ],
    outputs: [{ name: OUTPUT, type: FLOAT, dims: ["N", countChannels(channels), "H", "W"] }],
    metadata: wish.metadata,
  };
}

/** Names the constant of a filter; the filter's own name is that of the value which it gives. */
export function weightName(filter: string): string {
  return `${filter}.weight`;
}

/** Names what a model with trimming is told of a crop: the first row and column, and those behind the last. */
export function windowNames({ from, to }: Crop): { readonly begin: string; readonly end: string } {
  return { begin: `window_${from}_${to}_begin`, end: `window_${from}_${to}_end` };
}

class Writer {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #wish: OnnxWish;
  readonly #forms: ReadonlyMap<string, ValueForm>;
  readonly #specs: ReadonlyMap<string, ParameterSpec>;
  /** The bias that is part of a filter, by the filter's name. */
  readonly #biasOf: ReadonlyMap<string, string>;
  readonly #crops = new Map<string, Crop>();

  constructor(wish: OnnxWish) {
    this.#wish = wish;
    this.#forms = valueForms(wish.graph);
    this.#specs = new Map(graphParameters(wish.graph).map((spec) => [spec.name, spec]));
    this.#biasOf = findBiases(wish);
  }

  get crops(): readonly Crop[] {
    return [...this.#crops.values()];
  }

  /** Writes a node with its crops; a bias that is part of its filter is written already. */
  write(node: GraphNode): void {
    const [input] = node.inputs;
    if (node.kind === "input" || (input !== undefined && this.#biasOf.get(input) === node.name)) return;
    const { trimming } = this.#wish;
    const before = trimming?.before.get(node.name);
    const inputs = node.inputs.map((name, index) =>
      this.#crop(this.#valueOf(name), before?.[index] ?? null, `${node.name}.input_${index}`),
    );
    const value = this.#valueOf(node.name);
    const after = trimming?.after.get(this.#biasOf.get(node.name) ?? node.name) ?? null;
    const whole = after === null ? value : `${value}.whole`;
    this.#add(node, inputs, whole);
    this.#crop(whole, after, value);
  }

  #valueOf(name: string): string {
    const value = this.#biasOf.get(name) ?? name;
    return value === this.#wish.graph.output ? OUTPUT : value;
  }

  /** Crops a value, which gets a new name for it, and returns the name. */
  #crop(value: string, crop: Crop | null, name: string): string {
    if (crop === null) return value;
    if (this.#crops.size === 0) {
      this.initializers.push({ name: WINDOW_AXES, dims: [2], data: Int32Array.of(2, 3) });
    }
    const { begin, end } = windowNames(crop);
    this.#crops.set(begin, crop);
    this.#push("Slice", [value, begin, end, WINDOW_AXES], name);
    return name;
  }

  #add(node: GraphNode, inputs: readonly string[], output: string): void {
    switch (node.kind) {
      case "convolution":
      case "depthwise":
        this.#addFilter(node, inputs, output);
        break;
      case "deformable":
        this.#addDeformable(node, inputs, output);
        break;
      case "bias": {
        const bias = biasName(node.name);
        this.initializers.push({
          name: bias,
          dims: [1, this.#channelsOf(node.name), 1, 1],
          data: this.#valuesOf(bias),
        });
        this.#push("Add", [...inputs, bias], output);
        break;
      }
      case "activation":
        this.#push("LeakyRelu", inputs, output, { alpha: { f: Math.fround(this.#wish.leakySlope) } });
        break;
      case "add":
        this.#push(inputs.length === 2 ? "Add" : "Sum", inputs, output);
        break;
      case "concat":
        this.#push("Concat", inputs, output, { axis: { i: 1 } });
        break;
      case "subtract":
        this.#push("Sub", inputs, output);
        break;
      case "unshuffle":
        this.#push("SpaceToDepth", inputs, output, { blocksize: { i: node.block } });
        break;
      case "shuffle":
        this.#push("DepthToSpace", inputs, output, { blocksize: { i: node.block }, mode: { s: "DCR" } });
        break;
      case "enlarge":
        this.#addEnlarging(node, inputs, output);
        break;
      case "norm":
        throw new Error(`onnx: norms must be folded before, got ${node.name}`);
      case "input":
        throw new Error(`onnx: the plane ${node.name} is given, never computed`);
      default:
        return assertNever(node);
    }
  }

  #addFilter(node: NodeOf<"convolution" | "depthwise">, inputs: readonly string[], output: string): void {
    const { name, side, dilation } = node;
    const { shape } = this.#specOf(name);
    const [, , input = 1, filters = 1] = shape;
    // A depthwise filter is [side, side, C, 1] here and [C, 1, side, side] there.
    const isDepthwise = node.kind === "depthwise";
    const dims = isDepthwise ? [input, 1, side, side] : [filters, input, side, side];
    this.initializers.push({
      name: weightName(name),
      dims,
      data: turnFilter(this.#valuesOf(name), side ** 2, input, filters),
    });
    const bias = this.#addBiasOf(name);
    const margin = ((side - 1) / 2) * dilation;
    this.#push("Conv", [...inputs, weightName(name), ...(bias === null ? [] : [bias])], output, {
      dilations: { ints: [dilation, dilation] },
      group: { i: isDepthwise ? input : 1 },
      kernel_shape: { ints: [side, side] },
      pads: { ints: [margin, margin, margin, margin] },
    });
  }

  /** Where the taps go is cut into offsets, limited, and masks; both lie in a file as they do here. */
  #addDeformable(node: NodeOf<"deformable">, [x = "", map = ""]: readonly string[], output: string): void {
    const { name, side, dilation, groups, limitPx } = node;
    const { shape } = this.#specOf(name);
    const [, , input = 1, filters = 1] = shape;
    const dims = [filters, input, side, side];
    const data = turnFilter(this.#valuesOf(name), side ** 2, input, filters);
    const parts = Int32Array.of(offsetChannels(side, groups), groups * side ** 2);
    const limits = [-limitPx, limitPx].map((limit) => Float32Array.of(limit));
    const [lowest, highest] = [`${name}.lowest`, `${name}.highest`];
    this.initializers.push(
      { name: weightName(name), dims, data },
      { name: `${name}.begin`, dims: [1], data: Int32Array.of(0) },
      { name: `${name}.middle`, dims: [1], data: parts.slice(0, 1) },
      { name: `${name}.end`, dims: [1], data: Int32Array.of(at(parts, 0, "parts") + at(parts, 1, "parts")) },
      { name: `${name}.axis`, dims: [1], data: Int32Array.of(1) },
      { name: lowest, dims: [], data: at(limits, 0, "limits") },
      { name: highest, dims: [], data: at(limits, 1, "limits") },
    );
    const bias = this.#addBiasOf(name);
    this.#push("Slice", [map, `${name}.begin`, `${name}.middle`, `${name}.axis`], `${name}.moves`);
    this.#push("Clip", [`${name}.moves`, lowest, highest], `${name}.limited`);
    this.#push("Slice", [map, `${name}.middle`, `${name}.end`, `${name}.axis`], `${name}.counts`);
    this.#push("Sigmoid", [`${name}.counts`], `${name}.masks`);
    const margin = ((side - 1) / 2) * dilation;
    this.#push("DeformConv", [x, weightName(name), `${name}.limited`, bias ?? "", `${name}.masks`], output, {
      dilations: { ints: [dilation, dilation] },
      kernel_shape: { ints: [side, side] },
      offset_group: { i: groups },
      pads: { ints: [margin, margin, margin, margin] },
    });
  }

  /** A transposed convolution of each channel by itself does what bilinear does with zeros around; ONNX's Resize repeats edges. */
  #addEnlarging({ name }: NodeOf<"enlarge">, inputs: readonly string[], output: string): void {
    const channels = this.#channelsOf(name);
    const filter = BILINEAR.flatMap((row) => BILINEAR.map((column) => row * column));
    const data = Float32Array.from({ length: channels * filter.length }, (_, index) =>
      at(filter, index % filter.length, "bilinear filter"),
    );
    this.initializers.push({ name: weightName(name), dims: [channels, 1, BILINEAR.length, BILINEAR.length], data });
    this.#push("ConvTranspose", [...inputs, weightName(name)], output, {
      group: { i: channels },
      kernel_shape: { ints: [BILINEAR.length, BILINEAR.length] },
      pads: { ints: [1, 1, 1, 1] },
      strides: { ints: [2, 2] },
    });
  }

  /** Writes the bias that is part of a filter, and returns its name; null where there is none. */
  #addBiasOf(filter: string): string | null {
    const bias = this.#biasOf.get(filter);
    if (bias === undefined) return null;
    const parameter = biasName(bias);
    this.initializers.push({ name: parameter, dims: [this.#channelsOf(bias)], data: this.#valuesOf(parameter) });
    return parameter;
  }

  #push(op: string, inputs: readonly string[], output: string, attributes: OnnxNode["attributes"] = {}): void {
    this.nodes.push({ name: `${op}_${this.nodes.length}`, op, inputs, output, attributes });
  }

  #channelsOf(name: string): number {
    return countChannels(formOfNode(this.#forms, name).channels);
  }

  #specOf(name: string): ParameterSpec {
    const spec = this.#specs.get(name);
    if (spec === undefined) throw new Error(`onnx: the graph has no parameter named ${name}`);
    return spec;
  }

  #valuesOf(name: string): Float32Array<ArrayBuffer> {
    const values = this.#wish.parameters.get(name);
    if (values === undefined) throw new Error(`onnx: there are no values for ${name}`);
    return new Float32Array(values);
  }
}

/** Finds the biases that alone read a filter, with no crop between: they become part of it. */
function findBiases({ graph, trimming }: OnnxWish): ReadonlyMap<string, string> {
  const nodes = liveNodes(graph);
  const pairs = nodes.flatMap((filter): [string, string][] => {
    if (asFilter(filter) === null || filter.name === graph.output || trimming?.after.has(filter.name)) return [];
    const [reader, ...others] = nodes.filter(({ inputs }) => inputs.includes(filter.name));
    if (reader?.kind !== "bias" || others.length > 0 || trimming?.before.has(reader.name)) return [];
    return [[filter.name, reader.name]];
  });
  return new Map(pairs);
}
