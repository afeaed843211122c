import { expect, it } from "vitest";

import { sharpenOps } from "#main/compute/search/stopping/discretisationGap.ts";

it("gives each edge to its strongest primitive, never to none, and of equals to the first", () => {
  const move = [[0.2, 0.8, 0]];
  const op = [[[0.1, 0.6, 0.3], [0.4, 0.2, 0.4]]]; // prettier-ignore
  const sharpened = [[[0, 0, 1], [1, 0, 0]]]; // prettier-ignore
  expect(sharpenOps({ op, move }, ["conv_3x3", "none", "skip_connect"])).toEqual({ op: sharpened, move });
});
