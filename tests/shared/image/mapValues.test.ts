import { expect, it } from "vitest";

import { mapValues } from "#shared/image/mapValues.ts";

it("makes each value of its own and its place, as map does, and leaves the photo's as they are", () => {
  const data = Float32Array.of(0.25, -1, NaN, 3);
  const make = (value: number, index: number) => value * 3 + index;
  expect(mapValues(data, make)).toEqual(data.map(make));
  expect(data).toEqual(Float32Array.of(0.25, -1, NaN, 3));
});
