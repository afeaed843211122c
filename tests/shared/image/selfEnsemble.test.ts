import { describe, expect, it } from "vitest";

import type { Photo } from "#shared/image/photo.ts";
import { SELF_ENSEMBLE_PASSES, selfEnsemble } from "#shared/image/selfEnsemble.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { denoiseEightTurns } from "#tests/helpers/eightTurns.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

/** Takes each value's left neighbour and a little of the one above: no orientation gives the same as another. */
async function lean(photo: Photo): Promise<Photo> {
  const { width, channels } = photo;
  const data = photo.data.map((value, i) => {
    const left = i % (width * channels) < channels ? value : (photo.data[i - channels] ?? NaN);
    return left * 3 - 0.5 * (photo.data[i - width * channels] ?? 0);
  });
  return { ...photo, data };
}

describe("the self-ensemble", () => {
  it.each([
    [7, 4, 3],
    [4, 7, 1],
    [5, 5, 1],
    [1, 6, 3],
  ] as const)(
    "averages eight hand-turned runs of a %d x %d photo in %d channels, unclipped",
    async (width, height, channels) => {
      const photo = makeRandomPhoto(width, height, channels);
      const average = await selfEnsemble(photo, lean);
      expect(average).toMatchObject({ width, height, channels });
      expect(largestDifference(average.data, await denoiseEightTurns(photo, lean))).toBeLessThan(1e-5);
      expect(Math.max(...average.data)).toBeGreaterThan(1);
    },
  );

  it("shows the network each of the eight orientations once", async () => {
    const seen = new Set<string>();
    await selfEnsemble(makeRandomPhoto(3, 2), (turned) => {
      seen.add([turned.width, turned.height, ...turned.data].join(" "));
      return Promise.resolve(turned);
    });
    expect(seen.size).toBe(SELF_ENSEMBLE_PASSES);
  });

  it("gives back what nothing was done to", async () => {
    const photo = makeRandomPhoto(6, 3, 3);
    expect(await selfEnsemble(photo, (turned) => Promise.resolve(turned))).toEqual(photo);
  });

  it("refuses a result of another size", async () => {
    const cut = ({ width, height }: Photo) => Promise.resolve(makeRandomPhoto(width, height - 1));
    await expect(selfEnsemble(makeRandomPhoto(3, 2), cut)).rejects.toThrow(
      "selfEnsemble: photos must have the same shape",
    );
  });
});
