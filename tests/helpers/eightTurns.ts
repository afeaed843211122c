import type { Photo } from "#shared/image/photo.ts";

/** Where a pixel of a turned photo lies in the upright one. */
interface Turn {
  readonly width: number;
  readonly height: number;
  sourceOf(x: number, y: number): readonly [x: number, y: number];
}

/** The eight orientations of a photo as swapped axes and flips, by coordinates alone. */
function listTurns({ width, height }: Photo): readonly Turn[] {
  const flips = [false, true];
  return flips.flatMap((swap) =>
    flips.flatMap((flipX) =>
      flips.map((flipY): Turn => {
        const [turnedWidth, turnedHeight] = swap ? [height, width] : [width, height];
        return {
          width: turnedWidth,
          height: turnedHeight,
          sourceOf: (x, y) => {
            const [a, b] = swap ? [y, x] : [x, y];
            return [flipX ? width - 1 - a : a, flipY ? height - 1 - b : b];
          },
        };
      }),
    ),
  );
}

/** Denoises the eight orientations of a photo, turned by hand pixel by pixel, and averages what comes out. */
export async function denoiseEightTurns(photo: Photo, denoise: (turned: Photo) => Promise<Photo>): Promise<number[]> {
  const { width, channels } = photo;
  const mean = new Array<number>(photo.data.length).fill(0);
  for (const turn of listTurns(photo)) {
    const places = Array.from({ length: turn.width * turn.height * channels }, (_, i) => {
      const pixel = Math.floor(i / channels);
      const [x, y] = turn.sourceOf(pixel % turn.width, Math.floor(pixel / turn.width));
      return (y * width + x) * channels + (i % channels);
    });
    const data = Float32Array.from(places, (place) => photo.data[place] ?? NaN);
    const output = await denoise({ width: turn.width, height: turn.height, channels, data });
    places.forEach((place, i) => (mean[place] = (mean[place] ?? NaN) + (output.data[i] ?? NaN) / 8));
  }
  return mean;
}
