// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { NoiseFigures } from "#shared/api/noise.ts";
import { firstNoise, settleNoise } from "#shared/image/noise.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import NoiseFacts from "#renderer/views/noise/NoiseFacts.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const FIGURES: NoiseFigures = {
  photo: "a.png",
  width: 40,
  height: 30,
  noise: { kind: "paired" },
  mean255: 0.25,
  deviation255: 4.6,
  psnrDb: 34.7,
  ssim: 0.9,
  levels255: [3.1, 4.25, null, 2],
  correlation: { luma: 0.58, chroma: 0.87 },
  estimatedSigma255: 5,
  histogram: { from255: -1, binWidth255: 1, counts: [1, 2], expected: null },
};

async function readFacts(figures: NoiseFigures): Promise<ReadonlyMap<string, string>> {
  const { shown } = await showInWindow(NoiseFacts, { figures });
  return new Map(shown.findAll("dl > div").map((row) => [row.find("dt").text(), row.find("dd").text()]));
}

describe("the facts of noise", () => {
  it("tell of a camera pair how strong its noise is from dark to light and how much alike neighbours are", async () => {
    const facts = await readFacts(FIGURES);
    expect(facts.get("Deviation, dark to light")).toBe("3.1 4.3 – 2.0");
    expect(facts.get("Correlation (luma, chroma)")).toBe("0.58, 0.87");
  });

  it("leave out what a picture of one brightness and without noise does not have", async () => {
    const levels255 = [null, 0, null, null];
    const facts = await readFacts({ ...FIGURES, levels255, correlation: { luma: null, chroma: null } });
    expect([...facts.keys()].join()).not.toMatch(/dark to light|Correlation/);
  });

  it("tell what was drawn of a camera's settings", async () => {
    const camera = { ...firstNoise("camera"), shotNoise: 0.00213, lumaBlurPx: 0.5, chromaBlurPx: 1.25, jpeg: "4:2:0" };
    const noise = settleNoise({ ...camera, jpegQuality: 91 } as NoiseFigures["noise"], createRandom(1));
    const facts = await readFacts({ ...FIGURES, noise });
    expect(facts.get("Shot noise drawn")).toBe("0.0021");
    expect(facts.get("Camera’s denoising drawn")).toBe("0.50 px, 1.25 px");
    expect(facts.get("JPEG drawn")).toBe("91, 4:2:0");
  });
});
