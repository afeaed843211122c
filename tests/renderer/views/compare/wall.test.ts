import { describe, expect, it } from "vitest";

import type { EvaluationSummary } from "#shared/api/evaluations.ts";
import { crop } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { computePsnr } from "#shared/image/psnr.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { computePatchPsnr } from "#renderer/views/compare/wall/usePatchScores.ts";
import { buildWallPanes, listWallUrls } from "#renderer/views/compare/wall/wallPanes.ts";
import { listSharedTests, toWish, type WallPicture } from "#renderer/views/compare/wall/wallPicture.ts";

const tested: WallPicture = {
  kind: "evaluation",
  name: "01.png",
  evaluations: new Map([
    ["A", "evaluation-a"],
    ["B", "evaluation-b"],
  ]),
};
const denoised: WallPicture = {
  kind: "denoise",
  name: "sample-003",
  task: "task",
  items: new Map([
    ["A", 0],
    ["B", 1],
  ]),
};
const networks = [
  { runId: "A", name: "First" },
  { runId: "B", name: "Second" },
];
const toUrl = (wish: object): string => JSON.stringify(wish);

describe("the pictures of the wall", () => {
  it("are those of each network's own evaluation; clean and noisy ones are the same for all", () => {
    expect(toWish(tested, { runId: "B", errorGain: null })).toEqual({
      kind: "evaluation",
      evaluation: "evaluation-b",
      image: "01.png",
      view: "denoised",
    });
    expect(toWish(tested, { runId: "B", errorGain: 16 })).toMatchObject({ view: "error", gain: 16 });
    expect(toWish(tested, { side: "noisy" })).toMatchObject({ evaluation: "evaluation-a", view: "noisy" });
    expect(toWish(tested, { runId: "C", errorGain: null })).toBeNull();
  });

  it("are the items of a task where a photo was denoised for it", () => {
    expect(toWish(denoised, { runId: "B", errorGain: null })).toEqual({
      kind: "denoise",
      task: "task",
      item: 1,
      view: "output",
    });
    expect(toWish(denoised, { runId: "B", errorGain: 8 })).toMatchObject({ item: 1, view: "error", gain: 8 });
    expect(toWish(denoised, { side: "noisy" })).toMatchObject({ item: 0, view: "input" });
    expect(toWish(denoised, { side: "clean" })).toMatchObject({ item: 0, view: "clean" });
  });

  it("come from the tests that all networks went through with their pictures kept", () => {
    const build = (id: string, runId: string, name: string, hasPictures = true): EvaluationSummary =>
      ({
        id,
        runId,
        dataset: "set12",
        photos: 12,
        recipe: { name, noise: name },
        hasPictures,
      }) as EvaluationSummary;
    const all = [
      build("b30", "B", "gaussian-30"),
      build("a30-new", "A", "gaussian-30"),
      build("a30-old", "A", "gaussian-30"),
      build("a15", "A", "gaussian-15"),
      build("b15", "B", "gaussian-15", false),
    ];
    expect(listSharedTests(["A", "B"], all)).toMatchObject([
      {
        dataset: "set12",
        recipe: { noise: "gaussian-30" },
        evaluations: new Map([
          ["A", "a30-new"],
          ["B", "b30"],
        ]),
      },
    ]);
  });
});

describe("the panes of the wall", () => {
  const scores = {
    noisy: 20,
    denoised: new Map([
      ["A", 29.123],
      ["B", 28],
    ]),
  };

  it("are numbered as the keys are, with the figure of what is seen", () => {
    const panes = buildWallPanes(tested, networks, { alone: null, side: null, errorGain: null }, scores, toUrl);
    expect(panes.map(({ label, note }) => [label, note])).toEqual([
      ["1  First", "29.12 dB"],
      ["2  Second", "28.00 dB"],
    ]);
  });

  it("leave one network alone, and keep their places while a key calls up the noisy picture", () => {
    const mode = { alone: 2, side: "noisy", errorGain: 8 } as const;
    const [pane, ...others] = buildWallPanes(tested, networks, mode, scores, toUrl);
    expect(others).toEqual([]);
    expect(pane).toMatchObject({ key: "B", label: "Noisy", note: "20.00 dB" });
    expect(JSON.stringify(pane?.content)).toContain("noisy");
  });

  it("have no figure before it is known", () => {
    const panes = buildWallPanes(tested, networks, { alone: null, side: null, errorGain: null }, null, toUrl);
    expect(panes.map((pane) => "note" in pane)).toEqual([false, false]);
  });

  it("keep at hand what a key may call up", () => {
    expect(listWallUrls(tested, networks, toUrl)).toHaveLength(4);
  });
});

describe("the PSNR of the visible patch", () => {
  const draw = (seed: string, channels: 1 | 3): Photo => {
    const random = createRandom(1, seed);
    const data = Float32Array.from({ length: 9 * 7 * channels }, () => random.uniform());
    return { width: 9, height: 7, channels, data };
  };
  const area = { x: 2, y: 1, width: 5, height: 4 };

  it.each([1, 3] as const)("is that of the part cut out of %i channels", (channels) => {
    const [photo, clean] = [draw("photo", channels), draw("clean", channels)];
    const expected = computePsnr(crop(photo, area), crop(clean, area));
    expect(computePatchPsnr(photo, clean, area, false)).toBeCloseTo(expected, 10);
  });

  it("counts values beyond black and white as a screen shows them, where that is wanted", () => {
    const clean: Photo = { width: 2, height: 1, channels: 1, data: Float32Array.of(0, 1) };
    const photo: Photo = { ...clean, data: Float32Array.of(-0.5, 1.1) };
    const whole = { x: 0, y: 0, width: 2, height: 1 };
    expect(computePatchPsnr(photo, clean, whole, true)).toBe(100);
    expect(computePatchPsnr(photo, clean, whole, false)).toBeCloseTo(-10 * Math.log10((0.25 + 0.01) / 2), 5);
  });
});
