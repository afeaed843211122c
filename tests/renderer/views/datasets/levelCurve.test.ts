import { expect, it } from "vitest";

import { toLevelCurve } from "#renderer/views/datasets/levelCurve.ts";

it("noise over brightness stands at the middle of each part that has a figure", () => {
  expect(toLevelCurve([2, null, 4, 5])).toMatchObject({ x: [32, 159, 223], y: [2, 4, 5] });
  expect(toLevelCurve([2, null, null, null])).toBeNull();
});
