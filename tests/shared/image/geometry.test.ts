import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { crop, cropMiddle, mirror, padToMultiple, rotate90 } from "#shared/image/geometry.ts";
import { makeGreyPhoto, makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

const side = fc.integer({ min: 1, max: 12 });
const channels = fc.constantFrom(1 as const, 3 as const);

/** 1 2 3 / 4 5 6 */
const counted = makeGreyPhoto(3, 2, (x, y) => 1 + x + 3 * y);

describe("crop", () => {
  it("cuts the rectangle out", () => {
    const cut = crop(counted, { x: 1, y: 0, width: 2, height: 2 });
    expect({ ...cut, data: [...cut.data] }).toEqual({ width: 2, height: 2, channels: 1, data: [2, 3, 5, 6] });
  });

  it.each([
    { x: 2, y: 0, width: 2, height: 1 },
    { x: 0, y: -1, width: 1, height: 1 },
    { x: 0, y: 0, width: 0, height: 1 },
  ])("refuses %j, which is not inside the photo", (area) => {
    expect(() => crop(counted, area)).toThrow("must lie inside 3x2");
  });
});

describe("cropMiddle", () => {
  it("cuts the middle out, and leaves alone what is small enough", () => {
    const columns = makeGreyPhoto(7, 2, (x) => x);
    const cut = cropMiddle(columns, 4);
    expect({ ...cut, data: [...cut.data] }).toEqual({
      width: 4,
      height: 2,
      channels: 1,
      data: [1, 2, 3, 4, 1, 2, 3, 4],
    });
    expect(cropMiddle(counted, 3)).toEqual(counted);
  });
});

describe("padToMultiple", () => {
  it("mirrors what lies before the last row and column, which it does not repeat", () => {
    const photo = makeGreyPhoto(5, 3, (x, y) => 10 * y + x);
    const { width, height, data } = padToMultiple(photo, 4);
    expect([width, height]).toEqual([8, 4]);
    const columns = [0, 1, 2, 3, 4, 3, 2, 1];
    expect([...data]).toEqual([0, 1, 2, 1].flatMap((y) => columns.map((x) => 10 * y + x)));
  });

  it("goes to and fro where a photo is smaller than what is added, and leaves a fitting one as it is", () => {
    expect([
      ...padToMultiple(
        makeGreyPhoto(2, 1, (x) => x),
        8,
      ).data.slice(0, 8),
    ]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect([
      ...padToMultiple(
        makeGreyPhoto(1, 1, () => 7),
        4,
      ).data,
    ]).toEqual(new Array(16).fill(7));
    const photo = makeRandomPhoto(8, 4);
    expect(padToMultiple(photo, 4)).toBe(photo);
  });
});

describe("rotate90", () => {
  it("turns counter-clockwise", () => {
    const turned = rotate90(counted, 1);
    expect([turned.width, turned.height]).toEqual([2, 3]);
    expect([...turned.data]).toEqual([3, 6, 2, 5, 1, 4]);
    expect([...rotate90(counted, 2).data]).toEqual([6, 5, 4, 3, 2, 1]);
    expect([...rotate90(counted, 3).data]).toEqual([4, 1, 5, 2, 6, 3]);
  });

  it("adds up: turning by a and then by b is turning by a + b", () => {
    fc.assert(
      fc.property(
        side,
        side,
        channels,
        fc.integer({ min: -5, max: 5 }),
        fc.integer({ min: -5, max: 5 }),
        (w, h, c, a, b) => {
          const photo = makeRandomPhoto(w, h, c);
          expect(rotate90(rotate90(photo, a), b)).toEqual(rotate90(photo, a + b));
        },
      ),
    );
  });
});

describe("mirror", () => {
  it("swaps left and right", () => {
    expect([...mirror(counted).data]).toEqual([3, 2, 1, 6, 5, 4]);
  });

  it("undoes itself and keeps the colours of a pixel together", () => {
    const photo = makeRandomPhoto(4, 3, 3);
    const mirrored = mirror(photo);
    expect(mirror(mirrored)).toEqual(photo);
    expect([...mirrored.data.subarray(0, 3)]).toEqual([...photo.data.subarray(9, 12)]);
  });
});
