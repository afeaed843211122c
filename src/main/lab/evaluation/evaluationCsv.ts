import type { Scores } from "#shared/image/scores.ts";
import type { Evaluation } from "#shared/runs/evaluation.ts";

const VERSIONS = ["noisy", "blurred", "denoised"] as const;
const HEADER = [
  "recipe",
  "dataset",
  "run_id",
  "genotype",
  "image",
  "width_px",
  "height_px",
  "version",
  "psnr_db",
  "ssim",
  "psnr_8bit_db",
  "ssim_8bit",
  "haar_psi",
  "seconds",
];
/** Standard deviations over noise seeds, where one of the evaluations has several. */
const SPREAD_HEADER = ["psnr_db_spread", "ssim_spread", "psnr_8bit_db_spread", "ssim_8bit_spread", "haar_psi_spread"];

/** What the lines of the means have in the place of a picture's name. */
const MEAN = "mean";

type Cells = readonly (string | number)[];

/**
 * Writes evaluations as CSV (RFC 4180) in full precision: a line per picture and version, and at the end of each evaluation
 * the mean of all pictures per version and per baseline; seconds where a network worked.
 */
export function toCsv(evaluations: readonly Evaluation[]): string {
  const hasSpread = evaluations.some(({ spread }) => spread !== undefined);
  const header = hasSpread ? [...HEADER, ...SPREAD_HEADER] : HEADER;
  const rows = evaluations.flatMap(toRows).map((row) => row.slice(0, header.length));
  return [header, ...rows].map((row) => `${row.map(toCell).join(",")}\r\n`).join("");
}

function toRows(evaluation: Evaluation): readonly Cells[] {
  const { recipe, dataset, model, images, mean, spread, baselines = [] } = evaluation;
  const common = [recipe.name, dataset, model.runId, model.genotypeHash];
  const meanSeconds = images.reduce((sum, { seconds }) => sum + seconds, 0) / images.length;
  const subjects = [...images, { name: MEAN, width: "", height: "", ...mean, spread, seconds: meanSeconds }];
  const rows = subjects.flatMap(({ name, width, height, seconds, spread: spreads, ...scores }) =>
    VERSIONS.map((version): Cells => {
      const time = version === "denoised" ? seconds : "";
      return [
        ...common,
        name,
        width,
        height,
        version,
        ...listScores(scores[version]),
        time,
        ...listScores(spreads?.[version]),
      ];
    }),
  );
  const others = baselines.flatMap(({ method, mean: scores, spread: spreads }): readonly Cells[] =>
    scores === null ? [] : [[...common, MEAN, "", "", method, ...listScores(scores), "", ...listScores(spreads)]],
  );
  return [...rows, ...others];
}

function listScores(scores: Scores | undefined): Cells {
  if (scores === undefined) return ["", "", "", "", ""];
  return [scores.psnrDb, scores.ssim, scores.psnr8BitDb, scores.ssim8Bit, scores.haarPsi ?? ""];
}

/** Text that a spreadsheet would run as a formula gets an apostrophe; numbers may begin with a minus. */
function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
