import { z } from "zod";

/** A network that a training begins with, and what it learnt from of the photos that the training is measured on. */
export const startOverlapSchema = z.object({
  /** Its name, for people. */
  network: z.string(),
  /** That it learnt from. */
  dataset: z.string(),
  /** By their names in the training; null where it learnt from the same data set and nobody knows from which photos. */
  photos: z.array(z.string()).readonly().nullable(),
});
export type StartOverlap = Readonly<z.infer<typeof startOverlapSchema>>;

/** More names are only counted. */
const MOST_NAMED = 3;

/** Warns in a sentence of what a network that a training begins with has seen already. */
export function describeOverlap({ network, dataset, photos }: StartOverlap): string {
  const begins = `the network ${network}, which this training begins with,`;
  if (photos === null) {
    return `${begins} was trained on ${dataset}, too, and nobody wrote down on which photos: it may have seen those that this training is measured on`;
  }
  const others = photos.length > MOST_NAMED ? ` and ${photos.length - MOST_NAMED} more` : "";
  const names = `${photos.slice(0, MOST_NAMED).join(", ")}${others}`;
  return `${begins} learnt from ${photos.length === 1 ? "a photo" : `${photos.length} photos`} that this training is measured on (${names}): figures on them are too good`;
}
