import { describe, expect, it } from "vitest";

import { findPublished, PUBLISHED_FIGURES } from "#shared/runs/publishedFigures.ts";

describe("published figures", () => {
  const at = (set: string, sigma255: number) => findPublished(set).filter((figure) => figure.sigma255 === sigma255);

  it("are found by the set's name in any spelling", () => {
    const found = at("set-12", 25);
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
    expect(at("Set12", 30)).toEqual([]);
    expect(findPublished("mine")).toEqual([]);
  });

  it.each([
    ["Set12", 70, "N3Net", 25.9],
    ["BSD68", 35, "FFDNet", 27.73],
    ["BSD68", 75, "WNNM", 24.4],
    ["Set12", 50, "MemNet", 27.38],
    ["BSD68", 50, "RED30", 26.35],
    ["BSD68", 25, "FDnCNN", 29.22],
    ["CBSD68", 30, "DRUNet", 30.81],
  ])("of %s at sigma %d are known for %s, too", (set, sigma255, name, psnrDb) => {
    const figure = at(set, sigma255).find(({ method }) => method === name);
    expect(figure).toMatchObject({ psnrDb, ssim: null, ssimSource: null });
  });

  it("fall with sigma for every method, and lie where denoisers lie", () => {
    for (const { set, method, sigma255, psnrDb } of PUBLISHED_FIGURES) {
      if (psnrDb === null) continue;
      expect(psnrDb).toBeGreaterThan(24);
      expect(psnrDb).toBeLessThan(36);
      const noisier = findPublished(set).filter((each) => each.method === method && each.sigma255 > sigma255);
      for (const other of noisier) expect(psnrDb).toBeGreaterThan(other.psnrDb ?? 0);
    }
  });
});
