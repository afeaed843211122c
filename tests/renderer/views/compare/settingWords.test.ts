import { describe, expect, it } from "vitest";

import { toValueWords } from "#renderer/views/compare/settingWords.ts";

describe("the value of a setting", () => {
  it("is said in words", () => {
    const said = (path: string, value: unknown) => toValueWords(path, value);
    expect(said("noise.sigma255", { from: 0, to: 55 })).toBe("0 to 55");
    expect(said("noise.sigma255", [15, 25, 50])).toBe("15, 25, 50");
    expect(said("network.noiseMap", true)).toBe("on");
    expect(said("network.noiseMap", false)).toBe("off");
    expect(said("training.optimiser.momentum", undefined)).toBe("not set");
    expect(said("search.strategy.kind", "gradient")).toBe("Gradient (DARTS)");
    expect(said("network.imageChannels", 3)).toBe("Colour");
    expect(said("space.primitives", ["conv_3x3", "skip_connect"])).toBe("conv 3×3, skip");
    expect(
      said("training.stages", [
        { share: 0.75, patchSize: 32 },
        { share: 0.25, patchSize: 48 },
      ]),
    ).toMatch(/^[^{}[\]"]*0\.75[^{}[\]"]*32; [^{}[\]"]*0\.25[^{}[\]"]*48$/);
    // A data set may be called like anything else.
    expect(said("data.dataset", "evolution")).toBe("evolution");
  });
});
