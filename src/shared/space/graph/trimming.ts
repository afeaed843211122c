import { inputOf } from "./graphParameters.ts";
import {
  formOfNode,
  type GraphNode,
  liveNodes,
  type NetworkGraph,
  type ValueForm,
  valueForms,
} from "./networkGraph.ts";
import { countChannels } from "./parameters.ts";
import { inputMarginPx, marginOf, neededMargins, toBlocks } from "./reach.ts";

/** What values cover when a part of a picture is wanted: that part and a margin, in pixels of the input, at a scale. */
export interface Area {
  readonly marginPx: number;
  readonly scale: number;
}

/** A crop from one area to another inside it, both by their index. */
export interface Crop {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a tile is trimmed on its way through a network. `areas[0]` is what the network reads. `before` has the crops of a
 * node's inputs, null where one stays as it is; `after` the crop of its value.
 */
export interface Trimming {
  readonly areas: readonly Area[];
  readonly before: ReadonlyMap<string, readonly (Crop | null)[]>;
  readonly after: ReadonlyMap<string, Crop>;
}

/**
 * Plans where tiles are trimmed: where a pointwise convolution begins a new part of the network (after it and its norm if it
 * narrows, before it if not), where values of different areas meet, and at the output. Each crop is a copy, so there are no
 * others.
 */
export function planTrimming(graph: NetworkGraph): Trimming {
  const forms = valueForms(graph);
  const nodes = liveNodes(graph);
  const entries = findEntries(graph, nodes, forms);
  const list = new AreaList(inputMarginPx(graph));
  const before = new Map<string, (Crop | null)[]>();
  const after = new Map<string, Crop>();
  /** The margin that each value has left. */
  const margins = new Map<string, number>();
  const crop = (from: number, to: number, scale: number): Crop | null =>
    from === to ? null : { from: list.indexOf(from, scale), to: list.indexOf(to, scale) };
  for (const node of nodes) {
    const read = node.inputs.map((name) => marginOf(margins, name));
    const smallest = Math.min(list.inputMarginPx, ...read);
    const margin = Math.min(smallest, entries.cropBefore.get(node.name) ?? Infinity);
    if (read.some((each) => each !== margin)) {
      const { scale } = formOfNode(forms, node.inputs[0] ?? node.name);
      before.set(
        node.name,
        read.map((each) => crop(each, margin, scale)),
      );
    }
    const end = node.name === graph.output ? 0 : Math.min(margin, entries.cropAfter.get(node.name) ?? Infinity);
    const trimmed = crop(margin, end, formOfNode(forms, node.name).scale);
    if (trimmed !== null) after.set(node.name, trimmed);
    margins.set(node.name, end);
  }
  return { areas: list.areas, before, after };
}

/** The distinct areas of a network, found again by what they cover. */
class AreaList {
  readonly inputMarginPx: number;
  readonly areas: Area[];

  constructor(inputMarginPx: number) {
    this.inputMarginPx = inputMarginPx;
    this.areas = [{ marginPx: inputMarginPx, scale: 1 }];
  }

  indexOf(marginPx: number, scale: number): number {
    const known = this.areas.findIndex((area) => area.marginPx === marginPx && area.scale === scale);
    return known === -1 ? this.areas.push({ marginPx, scale }) - 1 : known;
  }
}

/** Margins of the parts that begin here, by the node that is cropped before, or after it has run. */
interface Entries {
  readonly cropBefore: ReadonlyMap<string, number>;
  readonly cropAfter: ReadonlyMap<string, number>;
}

/** Finds the pointwise convolutions that read another part than their own, and the margin that their part needs. */
function findEntries(graph: NetworkGraph, nodes: readonly GraphNode[], forms: ReadonlyMap<string, ValueForm>): Entries {
  const needs = neededMargins(graph);
  const partOf = new Map(nodes.map(({ name, part }) => [name, part]));
  const entries = nodes.filter(
    (node) => node.kind === "convolution" && node.side === 1 && partOf.get(inputOf(node)) !== node.part,
  );
  // A part never covers less than those after it: what it leaves may be read there.
  const margins = new Map<string, number>();
  let later = 0;
  for (const { name, part } of entries.toReversed()) {
    later = Math.max(later, toBlocks(graph, marginOf(needs, name)));
    margins.set(part, later);
  }
  const cropBefore = new Map<string, number>();
  const cropAfter = new Map<string, number>();
  for (const entry of entries) {
    const margin = marginOf(margins, entry.part);
    const isNarrowing = channelsOf(entry.name, forms) < channelsOf(inputOf(entry), forms);
    if (isNarrowing) cropAfter.set(endOfBlock(entry, nodes), margin);
    else cropBefore.set(entry.name, margin);
  }
  return { cropBefore, cropAfter };
}

/** The end of a convolution with its norm or bias and its activation, where nobody reads what is between them. */
function endOfBlock(convolution: GraphNode, nodes: readonly GraphNode[]): string {
  let end = convolution.name;
  for (const kinds of [["norm", "bias"], ["activation"]]) {
    const [reader, ...others] = nodes.filter(({ inputs }) => inputs.includes(end));
    if (reader === undefined || others.length > 0 || !kinds.includes(reader.kind)) break;
    end = reader.name;
  }
  return end;
}

function channelsOf(name: string, forms: ReadonlyMap<string, ValueForm>): number {
  return countChannels(formOfNode(forms, name).channels);
}
