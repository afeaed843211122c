import { describe, expect, it } from "vitest";

import { blend } from "#shared/image/blend.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("blend", () => {
  it("moves from the input to the output", () => {
    const [input, output] = [makeGreyPhoto(3, 1, (x) => x / 4), makeGreyPhoto(3, 1, (x) => 0.5 + x / 8)];
    expect(blend(input, output, 0)).toEqual(input);
    expect([...blend(input, output, 0.5).data]).toEqual([0.25, 0.4375, 0.625]);
    expect(blend(input, output, 1)).toEqual(output);
  });

  it("clips at the end and not before: an output beyond white still counts in full", () => {
    const [input, output] = [makeGreyPhoto(2, 1, () => 0.5), makeGreyPhoto(2, 1, (x) => (x === 0 ? 1.25 : -0.75))];
    expect([...blend(input, output, 0.5).data]).toEqual([0.875, 0]);
    expect([...blend(input, output, 1).data]).toEqual([1, 0]);
  });

  it("refuses photos of different shapes", () => {
    expect(() => blend(makeRandomPhoto(2, 3), makeRandomPhoto(3, 2), 1)).toThrow("blend: photos must have the same");
  });
});
