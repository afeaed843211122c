import { z } from "zod";

import { noiseSchema } from "#shared/image/noise.ts";

import { type CardFolder, openCardFolder } from "./cards.ts";

/** A noise setting that a person gave a name. */
export const noiseProfileSchema = z.object({ name: z.string().min(1), noise: noiseSchema, savedAt: z.iso.datetime() });
export type NoiseProfileCard = Readonly<z.infer<typeof noiseProfileSchema>>;

/** Opens the folder of noise profile cards; their names are those of the profiles. */
export function openNoiseProfileCards(folder: string): CardFolder<NoiseProfileCard> {
  return openCardFolder(folder, noiseProfileSchema);
}
