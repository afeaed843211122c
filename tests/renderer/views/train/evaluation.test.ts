import { describe, expect, it } from "vitest";

import type { EvaluationDetail, EvaluationSummary } from "#shared/api/evaluations.ts";
import { evaluationConfigSchema } from "#shared/runs/config.ts";
import { beginParameters, guessSigmas, readEvaluateDraft } from "#renderer/views/train/evaluateDraft.ts";
import { formatOrigin } from "#renderer/format/recipes.ts";
import { gainOf, orderImages } from "#renderer/views/train/evaluation/imageRows.ts";
import { comparePublished } from "#renderer/views/train/evaluation/publishedRows.ts";
import { buildEvaluationGrids } from "#renderer/views/train/evaluationGrid.ts";
import { formatGain } from "#renderer/views/train/gain.ts";

const scores = (psnrDb: number, ssim = 0.8) => ({ psnrDb, ssim, psnr8BitDb: psnrDb, ssim8Bit: ssim });

function build(id: string, dataset: string, noise: string, psnrDb = 29): EvaluationSummary {
  return {
    id,
    runId: "run",
    runName: "Run",
    genotypeHash: "c0181bc9",
    recipe: { name: `whole-image/${noise}`, noise, noiseSeed: 0, clipped: true, channels: "grey" },
    dataset,
    photos: 12,
    mean: { noisy: scores(20), blurred: scores(26), denoised: scores(psnrDb) },
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    megapixelsPerSecond: 0.2,
    peakResidentMb: 800,
    engine: "test",
    evaluatedAt: "2026-11-20T10:00:00.000Z",
    hasPictures: true,
  };
}

describe("the grid of evaluations", () => {
  it("has the newest evaluation for each test set and noise, levels in the order of their numbers", () => {
    const [grid] = buildEvaluationGrids([
      build("new", "set12", "gaussian-30"),
      build("old", "set12", "gaussian-30"),
      build("high", "set12", "gaussian-100"),
      build("other", "bsd68", "gaussian-15"),
    ]);
    expect(grid?.noises).toEqual(["gaussian-15", "gaussian-30", "gaussian-100"]);
    expect(grid?.rows.map(({ id, cells }) => [id, ...cells.map((cell) => cell?.id ?? null)])).toEqual([
      ["bsd68", "other", null, null],
      ["set12", null, "new", "high"],
    ]);
  });
});

describe("figures that were made in different ways", () => {
  const plain = build("plain", "set12", "gaussian-25");
  const recipeOf = (id: string, changes: Partial<EvaluationSummary["recipe"]>) => ({
    ...plain,
    id,
    recipe: { ...plain.recipe, ...changes },
  });

  it("stand in grids of their own, each with its way in words", () => {
    const grids = buildEvaluationGrids([
      recipeOf("eight", { selfEnsemble: true, noiseSeeds: 3 }),
      recipeOf("tiles", { protocol: "reference_tiles" }),
      plain,
    ]);
    expect(grids.map(({ how, rows }) => [how, rows[0]?.cells[0]?.id])).toEqual([
      ["", "plain"],
      ["reference-code protocol", "tiles"],
      ["self-ensemble ×8, 3 noise seeds", "eight"],
    ]);
  });

  it("have classical methods below: measured where they were, else published and marked, never beside fresh noise per tile", () => {
    const mean = scores(29.99, 0.85);
    const measured = {
      ...plain,
      baselines: [
        { method: "bm3d", tool: "bm3d 4", sigma: "known", mean, spread: scores(0.01), seconds: 1, problem: null },
        { method: "non_local_means", tool: null, sigma: "known", mean: null, seconds: 0, problem: "none" },
      ],
    } satisfies EvaluationSummary;
    const wordsOf = (all: readonly EvaluationSummary[]) =>
      buildEvaluationGrids(all).flatMap(({ rows }) =>
        rows.flatMap(({ baselines }) =>
          baselines.map(({ name, figures }) => [
            name,
            ...figures.map((each) => (each === null ? null : formatOrigin(each))),
          ]),
        ),
      );
    expect(
      wordsOf([measured, build("thirty", "set12", "gaussian-30"), build("fifteen", "set12", "gaussian-15")]),
    ).toEqual([["BM3D", "published", "measured here", "published, interpolated, 25 to 50"]]);
    expect(wordsOf([recipeOf("tiles", { protocol: "reference_tiles" })])).toEqual([]);
    expect(wordsOf([recipeOf("colour", { channels: "colour" })])).toEqual([]);
    expect(wordsOf([{ ...recipeOf("colour", { channels: "colour" }), dataset: "kodak24" }])).toEqual([
      ["CBM3D", "published"],
    ]);
  });
});

describe("what is to be measured", () => {
  const draft = {
    datasets: ["set12"],
    kind: "gaussian",
    parameters: beginParameters("gaussian-30"),
    seed: "0",
    noiseSeeds: "1",
    maxPhotos: "",
    protocol: "whole_image",
    selfEnsemble: false,
    baselines: false,
  } as const;
  const type = (typed: Readonly<Record<string, string>>) => ({
    ...draft,
    parameters: { ...draft.parameters, ...typed },
  });

  it("makes an evaluation of every level", () => {
    expect(readEvaluateDraft({ ...type({ sigma255: "15, 25;50" }), seed: "7", maxPhotos: "3" })).toEqual({
      kind: "ready",
      configs: [15, 25, 50].map((sigma255) => ({
        data: { dataset: "set12", maxPhotos: 3, part: "all" },
        noise: { kind: "gaussian", sigma255 },
        noiseSeed: 7,
        noiseSeeds: 1,
        protocol: "whole_image",
        selfEnsemble: false,
        baselines: false,
        memoryBudgetMb: evaluationConfigSchema.parse({}).memoryBudgetMb,
      })),
    });
  });

  it("makes an evaluation of every set at every level, set by set", () => {
    const read = readEvaluateDraft({ ...type({ sigma255: "15 50" }), datasets: ["set12", "kodak24"], noiseSeeds: "3" });
    if (read.kind === "wrong") throw new Error("must be ready");
    expect(read.configs.map(({ data, noise, noiseSeeds }) => [data.dataset, noise, noiseSeeds])).toEqual(
      ["set12", "kodak24"].flatMap((dataset) =>
        [15, 50].map((sigma255) => [dataset, { kind: "gaussian", sigma255 }, 3]),
      ),
    );
  });

  it("takes neither the reference code's tiles for camera pairs nor classical methods on tiles", () => {
    const tiled = { ...draft, protocol: "reference_tiles", baselines: true } as const;
    expect(readEvaluateDraft(tiled)).toMatchObject({ configs: [{ protocol: "reference_tiles", baselines: false }] });
    expect(readEvaluateDraft({ ...tiled, kind: "paired" })).toMatchObject({
      configs: [{ protocol: "whole_image", baselines: true }],
    });
  });

  it("needs neither level nor gain for camera pairs, and both for sensor noise", () => {
    const paired = readEvaluateDraft({ ...type({ sigma255: "", gain: "" }), kind: "paired" });
    expect(paired).toMatchObject({ kind: "ready", configs: [{ noise: { kind: "paired" } }] });
    const sensor = readEvaluateDraft({ ...type({ sigma255: "5" }), kind: "poisson_gaussian" });
    expect(sensor).toMatchObject({
      kind: "ready",
      configs: [{ noise: { kind: "poisson_gaussian", gain: 0.01, sigma255: 5 } }],
    });
  });

  it.each([
    [type({ sigma255: "" }), ["sigma255"]],
    [type({ sigma255: "30, loud" }), ["sigma255"]],
    [type({ sigma255: "300" }), ["sigma255"]],
    [type({ sigma255: "1 2 3 4 5 6 7 8 9" }), ["sigma255"]],
    [{ ...type({ gain: "0" }), kind: "poisson_gaussian" }, ["gain"]],
    [{ ...type({ sigma255: "", gain: "" }), kind: "poisson_gaussian" }, ["sigma255", "gain"]],
    [{ seed: "-1", maxPhotos: "0" }, ["seed", "maxPhotos"]],
    [{ seed: "" }, ["seed"]],
  ] as const)("names the fields that say nothing usable: %j", (changes, fields) => {
    expect(readEvaluateDraft({ ...draft, ...changes })).toEqual({ kind: "wrong", fields: new Set(fields) });
  });

  it("begins with the levels that the network was trained for, where those are levels", () => {
    expect(guessSigmas("gaussian-15,25,50")).toBe("15, 25, 50");
    expect(guessSigmas("gaussian-0..55")).toBe("30");
    expect(guessSigmas("paired")).toBe("30");
  });
});

describe("published figures beside one's own", () => {
  it("puts this network where its PSNR, rounded to 8 bits, belongs, and unknown figures last", () => {
    const compared = comparePublished(build("a", "Set-12", "gaussian-15", 32.6));
    if (compared.kind !== "known") throw new Error(`must be known, got ${compared.kind}`);
    const names = compared.rows.map(({ method }) => method);
    expect(names.slice(names.indexOf(null) - 1, names.indexOf(null) + 2)).toEqual(["DnCNN-B", null, "TNRD"]);
    const unknown = compared.rows.filter(({ psnrDb }) => psnrDb === null).map(({ method }) => method);
    expect(unknown).toEqual(["N3Net", "RED30", "MemNet"]);
    expect(compared.rows.slice(-3).map(({ method }) => method)).toEqual(unknown);
    expect(compared).toMatchObject({ incomparable: null, otherSigmas: [] });
  });

  it("says why there is nothing to compare with", () => {
    expect(comparePublished(build("a", "my photos", "gaussian-25")).kind).toBe("unknown_set");
    expect(comparePublished(build("a", "set12", "gaussian-15,25"))).toEqual({
      kind: "no_single_level",
      sigmas: [15, 25, 50, 70],
    });
  });

  it("shows figures in colour, and says that a grey network cannot be compared with them", () => {
    const compared = comparePublished(build("a", "kodak24", "gaussian-25", 31));
    expect(compared).toMatchObject({ kind: "known", channels: "colour", incomparable: "channels" });
    if (compared.kind !== "known") return;
    expect(compared.rows.slice(0, 2)).toMatchObject([{ id: "ours" }, { method: "Restormer", psnrDb: 33.05 }]);
  });

  it("marks what is interpolated where nobody reports this level, and names the levels that are reported", () => {
    const compared = comparePublished(build("a", "set12", "gaussian-30"));
    expect(compared).toMatchObject({ kind: "known", otherSigmas: [15, 25, 50, 70] });
    if (compared.kind !== "known") return;
    const bm3d = compared.rows.find(({ method }) => method === "BM3D");
    expect(bm3d).toMatchObject({ ssim: null, figure: { source: "dpir", interpolatedBetween: [25, 50] } });
    expect(bm3d?.psnrDb).toBeCloseTo(29.12, 2);
    expect(compared.rows.find(({ method }) => method === "MemNet")).toMatchObject({ psnrDb: null, figure: null });
  });

  it("shows no differences to a network that saw fresh noise in every tile", () => {
    const plain = build("a", "set12", "gaussian-25");
    const tiled = { ...plain, recipe: { ...plain.recipe, protocol: "reference_tiles" as const } };
    const compared = comparePublished(tiled);
    expect(compared).toMatchObject({ incomparable: "protocol" });
    if (compared.kind === "known") expect(compared.rows[0]).toMatchObject({ id: "ours" });
  });
});

describe("the pictures of an evaluation", () => {
  const image = (name: string, psnrDb: number, noisyDb: number, ssim: number): EvaluationDetail["images"][number] => ({
    name,
    width: 64,
    height: 64,
    noisy: scores(noisyDb),
    blurred: scores(25),
    denoised: scores(psnrDb, ssim),
    seconds: 1,
  });
  const images = [image("10.png", 30, 20, 0.7), image("2.png", 28, 12, 0.9), image("1.png", 29, 20.5, 0.8)];

  it("come worst first by PSNR, gain or SSIM, or by name as people count", () => {
    const namesBy = (order: Parameters<typeof orderImages>[1]) => orderImages(images, order).map(({ name }) => name);
    expect(namesBy("psnr")).toEqual(["2.png", "1.png", "10.png"]);
    expect(namesBy("gain")).toEqual(["1.png", "10.png", "2.png"]);
    expect(namesBy("ssim")).toEqual(["10.png", "1.png", "2.png"]);
    expect(namesBy("name")).toEqual(["1.png", "2.png", "10.png"]);
  });

  it("tell what denoising gained, with its sign", () => {
    expect(gainOf(images[0]!)).toBe(10);
    expect([8.416, -0.5, 0.001].map(formatGain)).toEqual(["+8.42 dB", "−0.50 dB", "±0.00 dB"]);
  });
});
