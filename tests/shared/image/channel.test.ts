import { describe, expect, it } from "vitest";

import { mergeChannels, splitChannels } from "#shared/image/channel.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("splitChannels", () => {
  it("puts each colour into a plane of its own", () => {
    const planes = splitChannels({ width: 2, height: 1, channels: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
    expect(planes.map((plane) => [...plane.data])).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });
});

describe("mergeChannels", () => {
  it.each([1, 3] as const)("gives a photo of %d channel(s) back after splitting", (channels) => {
    const photo = makeRandomPhoto(5, 4, channels);
    expect(mergeChannels(splitChannels(photo))).toEqual(photo);
  });

  it("refuses planes of different sizes", () => {
    const planes = [makeRandomPhoto(2, 2), makeRandomPhoto(2, 2), makeRandomPhoto(2, 3)];
    expect(() => mergeChannels(planes)).toThrow("plane 2 must be [2, 2, 1], got [3, 2, 1]");
  });
});
