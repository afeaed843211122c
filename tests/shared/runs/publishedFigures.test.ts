import { describe, expect, it } from "vitest";

import { findPublished, PUBLISHED_FIGURES } from "#shared/runs/publishedFigures.ts";

describe("published figures", () => {
  it("are found by the set's name in any spelling, and by sigma", () => {
    const found = findPublished("set-12", 25);
    expect(found).toHaveLength(12);
    expect(found.find(({ method }) => method === "BM3D")).toEqual({
      set: "Set12",
      channels: "grey",
      sigma255: 25,
      method: "BM3D",
      psnrDb: 29.97,
      ssim: 0.8505,
      source: "dpir",
      ssimSource: "mwcnn",
    });
    expect(findPublished("Set12", 30)).toEqual([]);
    expect(findPublished("mine", 25)).toEqual([]);
  });

  it("say that a figure is not known instead of leaving the method out", () => {
    expect(findPublished("BSD68", 15).find(({ method }) => method === "N3Net")?.psnrDb).toBeNull();
  });

  it("fall with sigma for every method, and lie where denoisers lie", () => {
    for (const { set, method, sigma255, psnrDb } of PUBLISHED_FIGURES) {
      if (psnrDb === null) continue;
      expect(psnrDb).toBeGreaterThan(25);
      expect(psnrDb).toBeLessThan(36);
      const noisier = findPublished(set, sigma255 === 15 ? 25 : 50).find((each) => each.method === method);
      if (sigma255 < 50) expect(psnrDb).toBeGreaterThan(noisier?.psnrDb ?? 0);
    }
  });
});
