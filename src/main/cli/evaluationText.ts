import { type BaselineFigure, listBaselineFigures, nameBaseline } from "#shared/runs/baselineFigures.ts";
import { type Evaluation, REFERENCE_PROTOCOL } from "#shared/runs/evaluation.ts";
import type { Scores } from "#shared/image/scores.ts";

import { formatCount, formatPsnr, formatSsim } from "./formats.ts";
import { type Column, renderTable } from "./table.ts";

const COLUMNS: readonly Column[] = [
  { heading: "IMAGE", align: "left" },
  { heading: "NOISY", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "BLURRED", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "DENOISED", align: "right" },
  { heading: "SSIM", align: "right" },
  { heading: "HAARPSI", align: "right" },
  { heading: "8-BIT", align: "right" },
  { heading: "SSIM", align: "right" },
];

/** Writes one evaluation for a terminal: a table of its pictures and what was measured by which recipe. */
export function renderEvaluation(evaluation: Evaluation): string {
  const { images, mean, spread } = evaluation;
  const rows = images.map((image) => [image.name, ...figuresOf(image)]);
  const spreadRow = spread === undefined ? [] : [["± over seeds", ...figuresOf(spread)]];
  const { recipe, dataset } = evaluation;
  return [
    renderTable(COLUMNS, [...rows, ["mean", ...figuresOf(mean)], ...spreadRow]),
    ...listBaselineFigures(evaluation).map(
      (figure) => `${figure.name.padEnd(15)} ${cellOf(figure)}  ${originInWords(figure)}`,
    ),
    ...problemsOf(evaluation),
    `recipe     ${recipe.name}`,
    `data set   ${dataset}, ${images.length} ${images.length === 1 ? "image" : "images"}${partInWords(recipe)}`,
    ...factsOf(evaluation),
    ...(recipe.protocol === undefined ? [] : [REFERENCE_PROTOCOL]),
  ].join("\n");
}

function partInWords({ part }: Evaluation["recipe"]): string {
  return part === undefined ? "" : ", the test part that its training never saw";
}

/** Writes evaluations of one network for a terminal as a matrix: test sets by noise, each with the classical methods below. */
export function renderMatrix(evaluations: readonly Evaluation[]): string {
  const noises = [...new Set(evaluations.map(({ recipe }) => recipe.noise))];
  const rows = [...new Set(evaluations.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const cells = noises.map((noise) =>
      evaluations.find((each) => each.dataset === dataset && each.recipe.noise === noise),
    );
    const baselines = cells.map((cell) => (cell === undefined ? [] : listBaselineFigures(cell)));
    const names = [...new Set(baselines.flat().map(({ name }) => name))];
    return [
      [dataset, ...cells.map((cell) => (cell === undefined ? "" : cellOf(toFigure(cell))))],
      ...names.map((name) => [`  ${name}`, ...baselines.map((figures) => markedCell(figures, name))]),
    ];
  });
  const columns = noises.map((heading): Column => ({ heading, align: "right" }));
  const recipes = new Set(evaluations.map(({ recipe }) => recipe.name));
  const [first] = evaluations;
  return [
    renderTable([{ heading: "SET", align: "left" }, ...columns], rows),
    "PSNR in dB and SSIM. m measured here, p published, i interpolated between published levels.",
    ...new Set(evaluations.flatMap(problemsOf)),
    ...[...recipes].map((name) => `recipe     ${name}`),
    ...(first === undefined ? [] : factsOf(first)),
    ...(first?.recipe.protocol === undefined ? [] : [REFERENCE_PROTOCOL]),
  ].join("\n");
}

type Figure = Pick<BaselineFigure, "psnrDb" | "ssim" | "psnrSpreadDb">;

function toFigure({ mean, spread }: Evaluation): Figure {
  const { psnrDb, ssim } = mean.denoised;
  return { psnrDb, ssim, psnrSpreadDb: spread?.denoised.psnrDb ?? null };
}

function cellOf({ psnrDb, ssim, psnrSpreadDb }: Figure): string {
  const spread = psnrSpreadDb === null ? "" : ` ±${psnrSpreadDb.toFixed(3)}`;
  return `${formatPsnr(psnrDb)}${spread}${ssim === null ? "" : ` ${formatSsim(ssim)}`}`;
}

function markedCell(figures: readonly BaselineFigure[], name: string): string {
  const figure = figures.find((each) => each.name === name);
  if (figure === undefined) return "";
  const mark = figure.origin === "measured" ? "m" : figure.interpolatedBetween === null ? "p" : "i";
  return `${cellOf(figure)} ${mark}`;
}

function originInWords(figure: BaselineFigure): string {
  if (figure.origin === "published") {
    if (figure.interpolatedBetween === null) return "(published)";
    const [lower, upper] = figure.interpolatedBetween;
    return `(published, interpolated between sigma ${lower} and ${upper})`;
  }
  const sigma = figure.sigma === "known" ? "" : ", told an estimated sigma";
  return `(measured here by ${figure.tool ?? "an unknown tool"}${sigma})`;
}

function problemsOf({ baselines = [], recipe }: Evaluation): readonly string[] {
  return baselines.flatMap(({ method, problem }) =>
    problem === null ? [] : [`${nameBaseline(method, recipe.channels)} was not measured: ${problem}`],
  );
}

function factsOf({ model, parameters, multiplyAddsPerPixel, megapixelsPerSecond, engine, peakResidentMb }: Evaluation) {
  return [
    `network    ${model.genotypeHash} from ${model.checkpoint}`,
    `size       ${formatCount(parameters)} parameters, ${formatCount(multiplyAddsPerPixel)} multiply-adds per pixel`,
    `speed      ${megapixelsPerSecond.toPrecision(3)} megapixels per second on ${engine}, ` +
      `peak memory ${Math.round(peakResidentMb)} MB`,
  ];
}

function figuresOf(scores: { readonly noisy: Scores; readonly blurred: Scores; readonly denoised: Scores }): string[] {
  const { noisy, blurred, denoised } = scores;
  return [
    ...[noisy, blurred, denoised].flatMap(({ psnrDb, ssim }) => [formatPsnr(psnrDb), formatSsim(ssim)]),
    denoised.haarPsi === undefined ? "–" : formatSsim(denoised.haarPsi),
    formatPsnr(denoised.psnr8BitDb),
    formatSsim(denoised.ssim8Bit),
  ];
}
