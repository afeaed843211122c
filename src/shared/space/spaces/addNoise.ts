import { type Frame, outputChannels, PLANES } from "#shared/space/graph/frame.ts";
import type { GraphDraft } from "#shared/space/graph/graphDraft.ts";

/** Adds the last convolution, which makes the noise of a value, and subtracts it from the noisy picture; returns the output. */
export function addNoise(draft: GraphDraft, frame: Frame, x: string): string {
  const channels = outputChannels(frame);
  const filtered = draft.add("decoder.output.conv", [x], { kind: "convolution", side: 3, dilation: 1, channels });
  const small = draft.add("decoder.output", [filtered], { kind: "bias" });
  const noise =
    frame.unshuffle === 1 ? small : draft.add("shuffle", [small], { kind: "shuffle", block: frame.unshuffle });
  return draft.add("denoised", [PLANES.noisy, noise], { kind: "subtract" });
}
