import { expect, it } from "vitest";

import { noiseToTell } from "#main/lab/denoising/denoisePhoto.ts";

const KNOWN = { kind: "gaussian", sigma255: 25 } as const;

it("tells a network the noise that is known, and of a photo of which nothing is known the estimate", () => {
  expect(noiseToTell(KNOWN, 7, { selfEnsemble: false })).toEqual(KNOWN);
  expect(noiseToTell(undefined, 7, { selfEnsemble: false })).toEqual({ kind: "gaussian", sigma255: 7 });
  expect(noiseToTell({ kind: "paired" }, 7, { selfEnsemble: false })).toEqual({ kind: "gaussian", sigma255: 7 });
});

it("leaves it to the network in a self-ensemble, which sees the photo in eight orientations", () => {
  expect(noiseToTell(undefined, 7, { selfEnsemble: true })).toBe(undefined);
});
