import { describe, expect, it } from "vitest";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { viewArch } from "#shared/space/cells/archView.ts";
import { drawSearchFrame, type SearchFrame } from "#shared/space/drawing/drawSearchFrame.ts";
import { THEMES } from "#shared/space/drawing/theme.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

const space = searchSpaceSchema.parse({ layers: 1, nodes: 1 });

function draw(epoch: number, more: Partial<SearchFrame> = {}): string {
  const view = viewArch({ arch: initArchLogits(space), epoch, step: 1, time: new Date(0).toISOString() }, space);
  const scores = [
    { epoch: 2, psnrDb: 20 },
    { epoch: 4, psnrDb: 24 },
  ];
  const frame = { name: "a <search>", lastEpoch: 4, view, layer: 0, trellis: null, scores, sample: null, ...more };
  return drawSearchFrame(frame, THEMES.light);
}

describe("a frame of a search", () => {
  it("says whose it is and how far it is", () => {
    expect(draw(3.7)).toContain("a &lt;search&gt;");
    expect(draw(3.7)).toContain("epoch 3 of 4");
  });

  it("moves along the validations, also between two of them, and stays at their ends", () => {
    expect(draw(3)).toContain("validation 22.00 dB");
    expect(draw(1)).toContain("validation 20.00 dB");
    expect(draw(9)).toContain("validation 24.00 dB");
  });

  it("leaves out what there is none of", () => {
    expect(draw(1, { scores: [] })).not.toContain("validation");
    expect(draw(1)).not.toContain("<image");
    const sample = { address: "data:image/png;base64,AA", text: "denoised, epoch 1" };
    expect(draw(1, { sample })).toContain("denoised, epoch 1");
  });
});
