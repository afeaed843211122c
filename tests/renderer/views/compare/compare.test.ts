import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Architecture } from "#shared/api/architectures.ts";
import type { EvaluationSummary, TrainedModel } from "#shared/api/evaluations.ts";
import {
  type CompareItem,
  findItem,
  MOST_ITEMS,
  nameItems,
  readSelection,
  type Selection,
  toggleKey,
  toQuery,
} from "#renderer/views/compare/comparison.ts";
import { buildFigureRows, type FigureRow, toDelta } from "#renderer/views/compare/figureRows.ts";
import { findParetoFront, listMeasures, splitByFront } from "#renderer/views/compare/scatterPoints.ts";

function buildModel(runId: string, changes: Partial<TrainedModel> = {}): TrainedModel {
  return {
    id: runId,
    source: "training",
    imageChannels: 1,
    noiseMap: false,
    unshuffle: 1,
    trainedSigma255: null,
    runId,
    name: `Network ${runId}`,
    genotypeHash: "c0181bc9",
    filters: 20,
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    receptiveFieldPx: 21,
    noise: "gaussian-30",
    dataset: "bsd500",
    best: { step: 10, psnrDb: 26, ssim: 0.7 },
    createdAt: "2026-11-20T10:00:00.000Z",
    ...changes,
  };
}

function buildItem(model: TrainedModel): CompareItem {
  const { name, genotypeHash: hash, filters, parameters, multiplyAddsPerPixel, receptiveFieldPx, runId } = model;
  return { key: `model:${runId}`, name, hash, filters, parameters, multiplyAddsPerPixel, receptiveFieldPx, model };
}

function buildEvaluation(runId: string, psnrDb: number, changes: Partial<EvaluationSummary> = {}): EvaluationSummary {
  const scores = { psnrDb, ssim: 0.8, psnr8BitDb: psnrDb, ssim8Bit: 0.8 };
  return {
    id: `${runId}-${psnrDb}`,
    runId,
    runName: `Network ${runId}`,
    genotypeHash: "c0181bc9",
    recipe: { name: "whole/gaussian-25", noise: "gaussian-25", noiseSeed: 0, clipped: true, channels: "grey" },
    dataset: "set12",
    photos: 12,
    mean: { noisy: scores, blurred: scores, denoised: scores },
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    megapixelsPerSecond: 0.2,
    peakResidentMb: 800,
    engine: "test",
    evaluatedAt: "2026-11-20T10:00:00.000Z",
    hasPictures: true,
    ...changes,
  };
}

describe("what an address says is compared", () => {
  it("is read back from what was written, in its order and with its baseline", () => {
    const selection: Selection = {
      keys: ["model:B", "model:A", "architecture:c0181bc9"],
      baseline: "architecture:c0181bc9",
    };
    expect(readSelection(toQuery(selection))).toEqual(selection);
    expect(toQuery({ keys: [], baseline: null })).toEqual({});
  });

  it("names each thing once, no more than can be told apart, and a baseline only from among them", () => {
    const models = ["A", "B", "A", "C", "D", "E", "F", "G"].join(",");
    const { keys, baseline } = readSelection({ models, baseline: "model:G" });
    expect(keys).toEqual(["A", "B", "C", "D", "E", "F"].map((id) => `model:${id}`));
    expect(baseline).toBeNull();
    expect(readSelection({ models: ["A"], architectures: undefined })).toEqual({ keys: [], baseline: null });
  });

  it("loses a thing with its baseline, and takes none beyond the last place", () => {
    const two: Selection = { keys: ["model:A", "model:B"], baseline: "model:B" };
    expect(toggleKey(two, "model:B")).toEqual({ keys: ["model:A"], baseline: null });
    expect(toggleKey(two, "model:A")).toEqual({ keys: ["model:B"], baseline: "model:B" });
    const full: Selection = {
      keys: ["A", "B", "C", "D", "E", "F"].map((id) => `model:${id}` as const),
      baseline: null,
    };
    expect(full.keys).toHaveLength(MOST_ITEMS);
    expect(toggleKey(full, "model:G")).toEqual(full);
  });

  it("is found among networks and architectures, or not at all", () => {
    const architecture = { hash: "c0181bc9", name: "Found", filters: 20 } as Architecture;
    const find = {
      model: (id: string) => (id === "A" ? buildModel("A") : null),
      architecture: (hash: string) => (hash === "c0181bc9" ? architecture : null),
    };
    expect(findItem("model:A", find)).toMatchObject({ name: "Network A", hash: "c0181bc9" });
    expect(findItem("architecture:c0181bc9", find)).toMatchObject({ name: "Found", model: null });
    expect(findItem("model:gone", find)).toBeNull();
  });

  it("gets names that differ", () => {
    const items = [
      buildModel("01AAAA", { name: "Same" }),
      buildModel("01BBBB", { name: "Same" }),
      buildModel("01CCCC"),
    ];
    expect([...nameItems(items.map(buildItem)).values()]).toEqual(["Same (…AAAA)", "Same (…BBBB)", "Network 01CCCC"]);
  });
});

describe("the figures of a comparison", () => {
  const items = [buildModel("A"), buildModel("B", { parameters: 1500, best: null })].map(buildItem);

  it("stand beside each other only for the same test set, photos and recipe; the newest evaluation counts", () => {
    const rows = buildFigureRows(items, [
      buildEvaluation("A", 29),
      buildEvaluation("A", 28),
      buildEvaluation("B", 27),
      buildEvaluation("B", 30, { photos: 3 }),
      buildEvaluation("C", 31),
    ]);
    const psnrs = rows.filter(({ label }) => label === "PSNR on set12, gaussian-25, grey").map(({ values }) => values);
    expect(psnrs).toEqual([
      [29, 27],
      [null, 30],
    ]);
  });

  it("keep grey and colour apart, and what was measured in another way", () => {
    const both = [buildModel("A"), buildModel("B", { imageChannels: 3 })].map(buildItem);
    const { recipe } = buildEvaluation("A", 29);
    const colour = { ...recipe, channels: "colour" } as const;
    const eight = { ...recipe, name: "whole/gaussian-25/self-ensemble-x8", selfEnsemble: true } as const;
    const rows = buildFigureRows(both, [
      buildEvaluation("A", 29),
      buildEvaluation("B", 31, { recipe: colour }),
      buildEvaluation("A", 29.5, { recipe: eight }),
    ]);
    const values = Object.fromEntries(rows.map((row) => [row.label, row.values]));
    expect(values).toMatchObject({
      "Best validation PSNR, grey": [26, null],
      "Best validation PSNR, colour": [null, 26],
      "PSNR on set12, gaussian-25, grey": [29, null],
      "PSNR on set12, gaussian-25, colour": [null, 31],
      "PSNR on set12, gaussian-25, grey, self-ensemble ×8": [29.5, null],
    });
    expect(rows.every((row) => toDelta(row, 1, 0) === null || !/PSNR|SSIM/.test(row.label))).toBe(true);
  });

  it("leave out what nobody has", () => {
    const bare = buildFigureRows([buildItem(buildModel("A", { best: null }))], []);
    expect(bare.map(({ id }) => id)).toEqual(["parameters", "multiplyAdds", "receptiveField", "filters"]);
  });

  it("differ from the baseline's for the better or for the worse", () => {
    const row = (better: FigureRow["better"], ...values: (number | null)[]): FigureRow => ({
      id: "row",
      label: "",
      note: "",
      values,
      better,
      format: (value) => value.toFixed(1),
    });
    expect(toDelta(row("more", 2, 3), 1, 0)).toEqual({ text: "+1.0", tone: "good" });
    expect(toDelta(row("more", 2, 1), 1, 0)).toEqual({ text: "−1.0", tone: "bad" });
    expect(toDelta(row("less", 2, 1), 1, 0)).toEqual({ text: "−1.0", tone: "good" });
    expect(toDelta(row("neither", 2, 1), 1, 0)).toEqual({ text: "−1.0", tone: "even" });
    expect(toDelta(row("more", 2, 2.01), 1, 0)).toEqual({ text: "±0", tone: "even" });
    expect(toDelta(row("more", 2, 3), 0, 0)).toBeNull();
    expect(toDelta(row("more", null, 3), 1, 0)).toBeNull();
  });
});

describe("the Pareto front", () => {
  const point = fc.record({ parameters: fc.integer({ min: 1, max: 6 }), psnrDb: fc.integer({ min: 1, max: 6 }) });

  it("holds a point of every best pair of figures, and nothing that another point beats", () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const isBeaten = (a: (typeof points)[number]) =>
          points.some(
            (b) =>
              b.parameters <= a.parameters &&
              b.psnrDb >= a.psnrDb &&
              (b.parameters < a.parameters || b.psnrDb > a.psnrDb),
          );
        const toText = ({ parameters, psnrDb }: (typeof points)[number]) => `${parameters} ${psnrDb}`;
        const front = findParetoFront(points).map(toText);
        expect(new Set(front)).toEqual(new Set(points.filter((each) => !isBeaten(each)).map(toText)));
        expect(front).toHaveLength(new Set(front).size);
      }),
    );
  });
});

describe("by what networks are measured", () => {
  const models = [buildModel("A"), buildModel("B", { parameters: 500 }), buildModel("C", { dataset: "other" })];

  it("begins with what most of the compared ones have; old evaluations and unknown networks do not count", () => {
    const evaluations = [buildEvaluation("A", 29), buildEvaluation("A", 25), buildEvaluation("gone", 33)];
    const measures = listMeasures(models, evaluations, new Set(["A", "B"]));
    expect(
      measures.map(({ label, points }) => [label, ...points.map(({ runId, psnrDb }) => `${runId} ${psnrDb}`)]),
    ).toEqual([
      ["Best validation: bsd500, gaussian-30, grey", "A 26", "B 26"],
      ["set12, gaussian-25, grey", "A 29"],
      ["Best validation: other, gaussian-30, grey", "C 26"],
    ]);
  });

  it("never puts grey and colour on one front", () => {
    const mixed = [buildModel("A"), buildModel("B", { imageChannels: 3 })];
    const { recipe } = buildEvaluation("A", 29);
    const evaluations = [
      buildEvaluation("A", 29),
      buildEvaluation("B", 31, { recipe: { ...recipe, channels: "colour" } }),
    ];
    const measures = listMeasures(mixed, evaluations, new Set(["A", "B"]));
    expect(measures.map(({ label, points }) => [label, ...points.map(({ runId }) => runId)])).toEqual([
      ["set12, gaussian-25, grey", "A"],
      ["set12, gaussian-25, colour", "B"],
      ["Best validation: bsd500, gaussian-30, grey", "A"],
      ["Best validation: bsd500, gaussian-30, colour", "B"],
    ]);
  });

  it("tells which are on the front", () => {
    const points = [
      { runId: "A", name: "A", parameters: 1000, psnrDb: 26 },
      { runId: "B", name: "B", parameters: 500, psnrDb: 26 },
      { runId: "C", name: "C", parameters: 2000, psnrDb: 27 },
    ];
    const { front, isOnFront } = splitByFront(points);
    expect(front.map(({ runId }) => runId)).toEqual(["B", "C"]);
    expect(["A", "B", "C"].map(isOnFront)).toEqual([false, true, true]);
  });
});
