import type { BaselineFigure } from "#shared/runs/baselineFigures.ts";
import type { Recipe } from "#shared/runs/evaluation.ts";
import { formatSsim } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

const words = texts.train.how;
/** As many as the recipe's name has. */
const PART_DIGITS = 8;

/** Writes what sets a recipe apart from one pass over whole pictures with one draw of noise; empty where nothing does. */
export function formatHow({ protocol, selfEnsemble, noiseSeeds, part }: Recipe): string {
  return [
    ...(protocol === undefined ? [] : [words.protocol]),
    ...(selfEnsemble === undefined ? [] : [words.selfEnsemble]),
    ...(noiseSeeds === undefined ? [] : [words.seeds(noiseSeeds)]),
    ...(part === undefined ? [] : [words.testPart(part.sha256.slice(0, PART_DIGITS))]),
  ].join(", ");
}

/** Names what was measured: a data set, or the part of it that the network's training kept for a test. */
export function formatSet({ dataset, recipe }: { readonly dataset: string; readonly recipe: Recipe }): string {
  return recipe.part === undefined ? dataset : words.testPartOf(dataset);
}

/** Writes the noise of a test with the channels and what sets its recipe apart, e.g. `gaussian-25, grey, self-ensemble ×8`. */
export function formatTest(recipe: Recipe): string {
  return [recipe.noise, words.channels[recipe.channels], formatHow(recipe)].filter((part) => part !== "").join(", ");
}

/** Writes the pictures that a network takes, `grey` or `colour`. */
export function formatChannels(imageChannels: 1 | 3): string {
  return words.channels[imageChannels === 1 ? "grey" : "colour"];
}

/** Writes a standard deviation over noise seeds behind its figure; empty for one seed. */
export function formatSpread(psnrDb: number | null | undefined): string {
  return psnrDb == null ? "" : ` ± ${psnrDb.toFixed(3)}`;
}

/** Writes where a figure of a classical method comes from, e.g. `measured here` or `interpolated, 25 to 50`. */
export function formatOrigin(figure: BaselineFigure): string {
  if (figure.origin === "measured") return figure.sigma === "known" ? words.measured : words.measuredByEstimate;
  return figure.interpolatedBetween === null ? words.published : words.interpolated(...figure.interpolatedBetween);
}

/** Writes a perceptual similarity; older versions did not measure it. */
export function formatHaarPsi(haarPsi: number | null | undefined): string {
  return haarPsi == null ? texts.status.none : formatSsim(haarPsi);
}
