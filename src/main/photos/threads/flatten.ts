import type { DecodedPhoto } from "#main/photos/decodedPhoto.ts";
import { mapValues } from "#shared/image/mapValues.ts";

/** As sRGB has it; what a grey photo gets of a coloured background. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;

type Flattened = Pick<DecodedPhoto, "photo" | "alpha">;

/** Puts a background, `#rrggbb`, behind a photo, by its encoded values; a photo without transparency stays as it is. */
export function flatten(source: Flattened, background: string): Flattened {
  const { photo, alpha } = source;
  if (alpha === null) return source;
  const { channels } = photo;
  const colour = [1, 3, 5].map((start) => parseInt(background.slice(start, start + 2), 16) / 255);
  const behind = channels === 3 ? colour : [LUMA.reduce((sum, weight, i) => sum + weight * (colour[i] ?? 0), 0)];
  const data = mapValues(photo.data, (value, i) => {
    const opacity = alpha[Math.floor(i / channels)] ?? NaN;
    return opacity * value + (1 - opacity) * (behind[i % channels] ?? NaN);
  });
  return { photo: { ...photo, data }, alpha: null };
}
