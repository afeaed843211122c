import { describe, expect, it } from "vitest";

import { toChannels, toGrey } from "#shared/image/grey.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("toGrey", () => {
  it("weights red, green and blue by ITU-R 601", () => {
    const photo = {
      width: 4,
      height: 1,
      channels: 3,
      data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1),
    } as const;
    const grey = toGrey(photo);
    expect(grey.channels).toBe(1);
    [0.299, 0.587, 0.114, 1].forEach((value, i) => expect(grey.data[i]).toBeCloseTo(value, 6));
  });

  it("leaves a grey photo as it is", () => {
    const photo = makeRandomPhoto(3, 2);
    expect(toGrey(photo)).toBe(photo);
  });
});

describe("toChannels", () => {
  it("repeats a grey photo for colour, and leaves what fits as it is", () => {
    const [grey, colour] = [makeRandomPhoto(3, 2), makeRandomPhoto(3, 2, 3)];
    expect(toChannels(grey, 1)).toBe(grey);
    expect(toChannels(colour, 3)).toBe(colour);
    expect(toChannels(colour, 1)).toEqual(toGrey(colour));
    const spread = toChannels(grey, 3);
    expect(spread.channels).toBe(3);
    expect([...spread.data]).toEqual([...grey.data].flatMap((value) => [value, value, value]));
  });
});
