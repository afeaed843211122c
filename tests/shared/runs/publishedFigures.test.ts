import { describe, expect, it } from "vitest";

import { findPublished, findPublishedAt, PUBLISHED_FIGURES } from "#shared/runs/publishedFigures.ts";

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

  it.each([
    ["BM3D", 29.12],
    ["TNRD", 29.21],
    ["IRCNN", 29.53],
    ["DnCNN-S", 29.58],
    ["FFDNet", 29.61],
    ["DRUNet", 30.14],
  ])("of %s on Set12 at sigma 30 are interpolated over log sigma, and say so", (name, psnrDb) => {
    const figure = findPublishedAt("set12", 30).find(({ method }) => method === name);
    expect(figure?.psnrDb).toBeCloseTo(psnrDb, 2);
    expect(figure).toMatchObject({ sigma255: 30, ssim: null, interpolatedBetween: [25, 50] });
  });

  it("are taken as reported where they are, and never guessed beyond the reported levels", () => {
    expect(
      findPublishedAt("CBSD68", 30).filter(({ interpolatedBetween }) => interpolatedBetween === null),
    ).toHaveLength(2);
    expect(
      findPublishedAt("Set12", 60).map(({ method, interpolatedBetween }) => [method, interpolatedBetween]),
    ).toEqual([["N3Net", [50, 70]]]);
    expect(findPublishedAt("Set12", 10)).toEqual([]);
    expect(findPublishedAt("mine", 25)).toEqual([]);
  });
});
