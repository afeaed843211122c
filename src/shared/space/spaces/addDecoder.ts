import type { GraphDraft } from "#shared/space/graph/graphDraft.ts";

import { addNoise } from "./addNoise.ts";
import type { NetworkSettings } from "./networkPlan.ts";

/** What a decoder reads, through the activation: the last value, and one of full resolution that goes past it. */
export interface DecoderInputs {
  readonly last: string;
  readonly skip: string;
  /** How often the last value was halved. */
  readonly halvings?: number;
}

/** Adds the published decoder (science notes 1.4) and returns the output: the noise that it predicts is subtracted from the input. */
export function addDecoder(
  draft: GraphDraft,
  plan: NetworkSettings,
  { last, skip, halvings = 0 }: DecoderInputs,
): string {
  const { endpointChannels, decoderChannels } = plan;
  const deep = draft.activate(draft.convolve("decoder.pre", last, { side: 1, channels: decoderChannels }));
  const near = draft.activate(draft.convolve("decoder.endpoint", skip, { side: 1, channels: endpointChannels }));
  const joined = draft.add("decoder.joined", [near, addEnlarging(draft, "decoder.pre", deep, halvings)], {
    kind: "concat",
  });
  const once = draft.convolveSeparably("decoder.sep_1", joined, decoderChannels);
  const twice = draft.convolveSeparably("decoder.sep_2", once, decoderChannels);
  return addNoise(draft, plan, twice);
}

/** Doubles height and width so many times. */
export function addEnlarging(draft: GraphDraft, prefix: string, x: string, times: number): string {
  return Array.from({ length: times }, (_, index) => `${prefix}.enlarged_${index + 1}`).reduce(
    (value, name) => draft.add(name, [value], { kind: "enlarge" }),
    x,
  );
}
