import { describe, expect, it } from "vitest";

import { type CameraFit, findFitWay, fitCamera, type FitWay } from "#shared/image/cameraFit/fitCamera.ts";
import { takeShot } from "#shared/image/cameraFit/shot.ts";
import { addNoise } from "#shared/image/noise.ts";
import type { Photo } from "#shared/image/photo.ts";
import { clip } from "#shared/image/scores.ts";
import { createRandom } from "#shared/random/createRandom.ts";

import { makeScene, SHOT_NOISE } from "#tests/helpers/cameraShots.ts";
import { makeGreyPhoto } from "#tests/helpers/makePhoto.ts";

const TRUE = SHOT_NOISE;
const SIDE = 256;

const scene = makeScene(SIDE);
/** An even surface whose light falls off from left to right. */
const wall = makeGreyPhoto(SIDE, SIDE, (x, y) => 0.15 + (0.65 * x) / SIDE + (0.05 * y) / SIDE);

function noisy(photo: Photo, seed: number, noise = TRUE): Photo {
  return clip(addNoise(photo, noise, createRandom(seed, "shot")));
}

function scale(photo: Photo, factor: number): Photo {
  return { ...photo, data: photo.data.map((value) => factor * value) };
}

function fit(photos: readonly Photo[], way: FitWay | null = null): CameraFit {
  return fitCamera(
    photos.map((photo, i) => takeShot(`photo ${i}`, photo)),
    way,
  );
}

function expectTrue({ noise }: CameraFit): void {
  expect(Math.abs(noise.gain / TRUE.gain - 1)).toBeLessThan(0.1);
  // Of the constant part the variance is the line's.
  expect(Math.abs((noise.sigma255 / TRUE.sigma255) ** 2 - 1)).toBeLessThan(0.1);
}

describe("the fit of a camera's noise", () => {
  it("finds both parts within a tenth from a noisy and a clean photo, whichever comes first", () => {
    const found = fit([noisy(scene, 1), scene]);
    expectTrue(found);
    expect(found).toMatchObject({ way: "pair", clean: "photo 1", isWhite: true });
    expect(fit([scene, noisy(scene, 1)]).noise).toEqual(found.noise);
  });

  it("finds both parts within a tenth from two shots and from many", () => {
    const found = fit([noisy(scene, 1), noisy(scene, 2)]);
    expect(found.way).toBe("burst");
    expectTrue(found);
    expectTrue(fit([1, 2, 3, 4, 5].map((seed) => noisy(scene, seed))));
  });

  it("finds both parts within a tenth from one frame of an even surface", () => {
    const found = fit([noisy(wall, 1)]);
    expect(found.way).toBe("flat");
    expectTrue(found);
  });

  it("takes channels of colour photos together", () => {
    const data = scene.data;
    const colour: Photo = {
      ...scene,
      channels: 3,
      data: Float32Array.from(
        { length: 3 * data.length },
        (_, i) => (data[Math.floor(i / 3)] ?? NaN) * (1 - 0.1 * (i % 3)),
      ),
    };
    expectTrue(fit([1, 2, 3].map((seed) => noisy(colour, seed))));
  });

  it("is not misled by shots that are a little brighter as a whole", () => {
    expectTrue(fit([0.97, 1, 1.02, 1.01].map((factor, seed) => noisy(scale(scene, factor), seed))));
  });

  it("is not misled by what moves through a burst", () => {
    const shots = [1, 2, 3, 4].map((seed) => {
      const shot = noisy(scene, seed);
      return { ...shot, data: shot.data.map((value, i) => ((i % SIDE) >> 5 === seed && i < 8000 ? 0.5 : value)) };
    });
    expectTrue(fit(shots));
  });

  it("leaves out what is clipped, and says how much", () => {
    const bright = { ...scene, data: scene.data.map((value) => 1.6 * value) };
    const found = fit([1, 2, 3].map((seed) => noisy(bright, seed)));
    expectTrue(found);
    expect(found.clippedShare).toBeGreaterThan(0.2);
    expect(found.to255).toBeLessThan(245);
  });

  it("says what it rests on: levels along the line, the brightness that was seen, values, and how far off the line is", () => {
    const { levels, residual, from255, to255, values, noise } = fit([noisy(scene, 1), scene]);
    expect(residual).toBeLessThan(0.06);
    expect(from255).toBeLessThan(45);
    expect(to255).toBeGreaterThan(170);
    expect(values).toBeGreaterThan(SIDE * SIDE);
    for (const { signal255, variance255 } of levels) {
      const expected = 255 * noise.gain * signal255 + noise.sigma255 ** 2;
      expect(Math.abs(variance255 / expected - 1)).toBeLessThan(0.2);
    }
  });

  it("tells noise that neighbouring pixels share from white noise", () => {
    const blurred = [1, 2, 3].map((seed) => {
      const { data } = noisy(scene, seed);
      const at = (x: number, y: number) => data[Math.min(SIDE - 1, y) * SIDE + Math.min(SIDE - 1, x)] ?? NaN;
      return makeGreyPhoto(SIDE, SIDE, (x, y) => (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4);
    });
    expect(fit(blurred).isWhite).toBe(false);
  });

  it("gives noise that does not grow with brightness the smallest gain", () => {
    const even = [1, 2, 3].map((seed) =>
      clip(addNoise(scene, { kind: "gaussian", sigma255: 8 }, createRandom(seed, "shot"))),
    );
    const { noise } = fit(even);
    expect(noise.gain).toBeLessThan(2e-4);
    expect(noise.sigma255).toBeCloseTo(8, 0);
  });

  it("tells a clean photo from a second shot by its noise", () => {
    const shot = (photo: Photo) => takeShot("photo", photo);
    expect(findFitWay([shot(noisy(scene, 1)), shot(scene)])).toBe("pair");
    expect(findFitWay([shot(noisy(scene, 1)), shot(noisy(scene, 2))])).toBe("burst");
    expect(findFitWay([shot(scene)])).toBe("flat");
  });
});

describe("what cannot be fitted", () => {
  const small = makeGreyPhoto(30, 30, (x) => 0.2 + x / 60);
  const even = makeGreyPhoto(SIDE, SIDE, () => 0.5);
  const other = makeGreyPhoto(SIDE, SIDE, (x, y) => 0.2 + 0.6 * ((x >> 4) % 2 === (y >> 5) % 2 ? 1 : 0));
  const colour: Photo = { ...scene, width: SIDE / 3 - 1 / 3, height: SIDE, channels: 3 };
  const grass = makeGreyPhoto(
    SIDE,
    SIDE,
    (x, y) => 0.15 + (0.6 * x) / SIDE + 0.2 * Math.sin(y / 20) ** 4 * Math.sin(x * 1.3) * Math.cos(y * 1.1),
  );
  const fallOff = (seed: number): Photo => {
    const random = createRandom(seed, "falling");
    return { ...scene, data: scene.data.map((value) => value + (value < 0.4 ? 0.05 : 0.005) * random.gaussian()) };
  };

  it.each<[string, readonly Photo[], FitWay | null, RegExp]>([
    ["no photo", [], null, /there must be a photo/],
    [
      "photos of different sizes",
      [noisy(scene, 1), noisy(small, 1)],
      null,
      /photo 0 is 256 x 256 .* photo 1 is 30 x 30/,
    ],
    ["grey and colour together", [noisy(scene, 1), colour], null, /in grey.*in colour/],
    ["photos with too few pixels", [noisy(small, 1), noisy(small, 2)], null, /at least 48 x 48 pixels/],
    ["photos that are clipped nearly everywhere", [1, 2].map((seed) => noisy(scale(scene, 9), seed)), null, /clipped/],
    ["photos of different scenes", [noisy(scene, 1), noisy(other, 2)], "burst", /same scene/],
    ["a clean photo of another scene", [noisy(scene, 1), other], "pair", /same scene/],
    ["the same file twice", [scene, scene], null, /same file twice/],
    ["one brightness alone", [noisy(even, 1)], null, /brightness must reach over 25/],
    ["one photo with texture", [noisy(grass, 1)], "flat", /texture/],
    ["noise that falls with brightness", [1, 2, 3].map(fallOff), null, /it falls/],
    ["a pair of three", [1, 2, 3].map((seed) => noisy(scene, seed)), "pair", /a pair must be two photos, got 3/],
    ["a burst of one", [noisy(scene, 1)], "burst", /2 to 32 shots, got 1/],
  ])("refuses %s", (_, photos, way, message) => {
    expect(() => fit(photos, way)).toThrow(message);
  });
});
