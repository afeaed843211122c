import { describe, expect, it } from "vitest";

import type { Architecture } from "#shared/api/architectures.ts";
import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import {
  findItem,
  MOST_ITEMS,
  nameItems,
  readSelection,
  type Selection,
  toggleKey,
  toQuery,
} from "#renderer/views/compare/comparison.ts";
import {
  buildFigureRows,
  type FigureRow,
  formatDeviation,
  splitByReach,
  toDelta,
} from "#renderer/views/compare/figureRows.ts";
import { listMeasures } from "#renderer/views/compare/scatterPoints.ts";

import { buildEvaluation, buildItem, buildModel } from "./compared.ts";

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

  it("may be a network in the box, with its figures beside those of trainings", () => {
    const boxed = { ...buildModel("ab12cd34"), source: "shipped", runId: null, best: null, name: "grey" } as const;
    const find = { model: (id: string) => (id === "ab12cd34" ? boxed : null), architecture: () => null };
    const item = findItem("model:ab12cd34", find);
    expect(item).toMatchObject({ name: "grey", model: { source: "shipped" } });
    if (item === null) throw new Error("the network must be found");
    const rows = buildFigureRows(
      [buildItem(buildModel("A")), item],
      [buildEvaluation("A", 28), buildEvaluation("ab12cd34", 29)],
    );
    expect(rows.find(({ id }) => id.startsWith("psnr"))?.values).toEqual([28, 29]);
    const [measure] = listMeasures([buildModel("A"), boxed], [buildEvaluation("ab12cd34", 29)], new Set());
    expect(measure?.networks).toHaveLength(1);
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

  it("go by the strength of the noise, not by when they were measured, and noise without one strength comes last", () => {
    const at = (noise: string) => ({ recipe: { ...buildEvaluation("A", 1).recipe, name: `whole/${noise}`, noise } });
    const noises = ["gaussian-0-55", "gaussian-50", "gaussian-5", "gaussian-15"];
    const rows = buildFigureRows(items, noises.map((noise) => buildEvaluation("A", 29, at(noise)))); // prettier-ignore
    expect(rows.filter(({ id }) => id.startsWith("psnr")).map(({ note }) => note)).toEqual(
      ["gaussian-5", "gaussian-15", "gaussian-50", "gaussian-0-55"].map((noise) => `whole/${noise}`),
    );
  });

  it("say how far they scatter over the seeds of the noise", () => {
    const scores = { psnrDb: 0.0213, ssim: 0.00052, psnr8BitDb: 0, ssim8Bit: 0 };
    const spread = { noisy: scores, blurred: scores, denoised: scores };
    const rows = buildFigureRows(items, [buildEvaluation("A", 29, { spread }), buildEvaluation("B", 28)]);
    const texts = rows.filter(({ id }) => /^(psnr|ssim)/.test(id)).map((row) => [formatDeviation(row, 0), formatDeviation(row, 1)]); // prettier-ignore
    expect(texts).toEqual([
      [" ± 0.021", ""],
      [" ± 0.00052", ""],
    ]);
  });

  it("leave HaarPSI open for evaluations of versions that did not measure it, and out where none has it", () => {
    const old = { psnrDb: 28, ssim: 0.8, psnr8BitDb: 28, ssim8Bit: 0.8 };
    const oldMean = { noisy: old, blurred: old, denoised: old };
    const haarPsiOf = (...evaluations: readonly EvaluationSummary[]) =>
      buildFigureRows(items, evaluations).filter(({ id }) => id.startsWith("haarPsi"));
    const [row] = haarPsiOf(buildEvaluation("A", 29), buildEvaluation("B", 28, { mean: oldMean }));
    expect(row?.values).toEqual([0.7, null]);
    expect(haarPsiOf(buildEvaluation("B", 28, { mean: oldMean }))).toEqual([]);
  });

  it("fold away where fewer than two can be compared", () => {
    const rows = buildFigureRows(items, [buildEvaluation("A", 29)]);
    const { common, lonely } = splitByReach(rows);
    expect(common.map(({ id }) => id)).toEqual(["parameters", "multiplyAdds", "receptiveField", "filters"]);
    expect(lonely.map(({ id }) => id.split(" ")[0])).toEqual([
      "validation",
      "validationSsim",
      "psnr",
      "ssim",
      "haarPsi",
      "speed",
    ]);
    expect(splitByReach(buildFigureRows(items.slice(0, 1), [])).lonely).toEqual([]);
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
      spreads: [],
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
