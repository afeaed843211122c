import { describe, expect, it } from "vitest";

import { checkOutput } from "#main/compute/denoise/checkOutput.ts";

import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";

const PHOTO = makeGreyPhoto(3, 2, (x, y) => (x + y) / 4);

describe("checkOutput", () => {
  it.each([NaN, Infinity])("refuses a picture with %d in it, which would be written as black", (bad) => {
    const output = makeGreyPhoto(3, 2, (x) => (x === 1 ? bad : 0.5));
    expect(() => checkOutput(PHOTO, output)).toThrow(`the network must give finite numbers for the photo, got ${bad}`);
  });

  it("takes numbers outside of 0 to 1, which are clipped", () => {
    expect(() =>
      checkOutput(
        PHOTO,
        makeGreyPhoto(3, 2, (x) => x - 1.5),
      ),
    ).not.toThrow();
  });
});
