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
  "seconds",
];

/** What the lines of the means have in the place of a picture's name. */
const MEAN = "mean";

/**
 * Writes an evaluation as CSV (RFC 4180) in full precision: a line per picture and version, and at the end the mean of all
 * pictures per version; seconds where a network worked.
 */
export function toCsv(evaluation: Evaluation): string {
  const { recipe, dataset, model, images, mean } = evaluation;
  const common = [recipe.name, dataset, model.runId, model.genotypeHash];
  const meanSeconds = images.reduce((sum, { seconds }) => sum + seconds, 0) / images.length;
  const subjects = [...images, { name: MEAN, width: "", height: "", ...mean, seconds: meanSeconds }];
  const rows = subjects.flatMap(({ name, width, height, seconds, ...scores }) =>
    VERSIONS.map((version) => {
      const { psnrDb, ssim, psnr8BitDb, ssim8Bit } = scores[version];
      const time = version === "denoised" ? seconds : "";
      return [...common, name, width, height, version, psnrDb, ssim, psnr8BitDb, ssim8Bit, time];
    }),
  );
  return [HEADER, ...rows].map((row) => `${row.map(toCell).join(",")}\r\n`).join("");
}

/** Text that a spreadsheet would run as a formula gets an apostrophe; numbers may begin with a minus. */
function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
