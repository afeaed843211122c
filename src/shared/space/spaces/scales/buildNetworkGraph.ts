import { at } from "#shared/at.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { outputChannels, PLANES } from "#shared/space/graph/frame.ts";
import { GraphDraft } from "#shared/space/graph/graphDraft.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { addCell } from "#shared/space/spaces/addCell.ts";
import { addDoor } from "#shared/space/spaces/addDoor.ts";
import type { NetworkPlan } from "#shared/space/spaces/networkPlan.ts";

import { cellChannels, type Place, placesOf, streamChannels } from "./places.ts";

type ScalesPlan = NetworkPlan<Genotype>;

/** What a cell adds to the stream starts small, so that the whole begins as a short network and grows deep (Zhang et al. 2019, Fixup). */
const JOIN_GAIN = 0.1;

/**
 * Describes a U of HiNAS cells: a stem, then at every place a cell that adds to the stream of its scale; halving the
 * resolution is a strided 2x2 convolution, doubling it a transposed one, and a stream coming up is added to what went down at
 * its scale. The predicted noise is subtracted from the input.
 */
export function buildNetworkGraph(plan: ScalesPlan): NetworkGraph {
  const draft = new GraphDraft();
  const { genotype, stemChannels } = plan;
  draft.begin("stem");
  let stream = addPlain(draft, "stem", addDoor(draft, plan), { side: 3, channels: stemChannels });
  const left: string[] = [];
  const places = placesOf(genotype.cells.length);
  for (const place of places) {
    const before = places[place.layer - 1];
    draft.begin(`layer_${place.layer}`);
    if (before !== undefined) stream = addMove(draft, plan, { place, before, stream });
    const older = place.joins === null ? stream : at(left, place.joins, "streams on the way down");
    if (place.joins !== null) {
      stream = draft.add(`layer_${place.layer}.joined`, [stream, older], { kind: "add" });
    }
    stream = addPlace(draft, plan, { place, stream, older });
    left.push(stream);
  }
  draft.begin("decoder");
  return { nodes: draft.nodes, output: addOutput(draft, plan, stream) };
}

/** A convolution without a norm, which the stream has none of. */
function addPlain(
  draft: GraphDraft,
  prefix: string,
  x: string,
  { side, channels }: { readonly side: number; readonly channels: number },
): string {
  const filtered = draft.add(`${prefix}.conv`, [x], { kind: "convolution", side, dilation: 1, channels });
  return draft.add(prefix, [filtered], { kind: "bias" });
}

interface Move {
  readonly place: Place;
  readonly before: Place;
  readonly stream: string;
}

/** The way to another scale: a 2x2 convolution with stride 2, or its transpose. */
function addMove(draft: GraphDraft, { stemChannels }: ScalesPlan, { place, before, stream }: Move): string {
  const channels = streamChannels(stemChannels, place.scale);
  if (place.scale > before.scale) {
    const blocks = draft.add(`layer_${place.layer}.blocks`, [stream], { kind: "unshuffle", block: 2 });
    return addPlain(draft, `layer_${place.layer}.down`, blocks, { side: 1, channels });
  }
  const blocks = addPlain(draft, `layer_${place.layer}.up`, stream, { side: 1, channels: 4 * channels });
  return draft.add(`layer_${place.layer}.pixels`, [blocks], { kind: "shuffle", block: 2 });
}

interface Stream {
  readonly place: Place;
  readonly stream: string;
  /** What the cell reads beside the stream: the value of its scale on the way down, or the stream itself. */
  readonly older: string;
}

/** The cell of a place, and what it adds to the stream. */
function addPlace(draft: GraphDraft, plan: ScalesPlan, { place, stream, older }: Stream): string {
  const { genotype, filters, stemChannels } = plan;
  const { layer, scale } = place;
  const prefix = `layer_${layer}`;
  const level = at(genotype.widthPath, layer, "width path");
  const factor = at(genotype.widthFactors, level, "width factors");
  const channels = { groups: 1, channels: cellChannels(filters, factor, scale) };
  const s0 = draft.convolve(`${prefix}.scale_s0`, stream, { side: 1, channels });
  const s1 = draft.convolve(`${prefix}.scale_s1`, older, { side: 1, channels });
  const nodes = addCell(draft, at(genotype.cells, layer, "cells"), {
    prefix,
    channels,
    offsetLimitPx: plan.offsetLimitPx,
    s0,
    s1,
  });
  const joined = draft.add(
    `${prefix}.active`,
    nodes.map(({ active }) => active),
    { kind: "concat" },
  );
  const added = draft.convolve(`${prefix}.join`, joined, {
    side: 1,
    channels: streamChannels(stemChannels, scale),
    gain: JOIN_GAIN,
  });
  return draft.add(`${prefix}.stream`, [stream, added], { kind: "add" });
}

function addOutput(draft: GraphDraft, plan: ScalesPlan, stream: string): string {
  const small = addPlain(draft, "decoder.output", stream, { side: 3, channels: outputChannels(plan) });
  const noise =
    plan.unshuffle === 1 ? small : draft.add("shuffle", [small], { kind: "shuffle", block: plan.unshuffle });
  return draft.add("denoised", [PLANES.noisy, noise], { kind: "subtract" });
}
