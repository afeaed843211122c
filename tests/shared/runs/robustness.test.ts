import { describe, expect, it } from "vitest";

import type { Scores } from "#shared/image/scores.ts";
import type { Recipe } from "#shared/runs/evaluation.ts";
import {
  buildRobustness,
  listMissingSigmas,
  listRobustnessTests,
  type MeasuredTest,
  ROBUSTNESS_SIGMAS,
} from "#shared/runs/robustness.ts";

const scoresOf = (psnrDb: number): Scores => ({ psnrDb, ssim: 0.5, psnr8BitDb: psnrDb, ssim8Bit: 0.5 });

function test(network: string, noise: string, psnrDb: number, changes: Partial<MeasuredTest> = {}): MeasuredTest {
  const name = `whole-image/one-draw/clip/grey/${noise}/seed-0`;
  const recipe: Recipe = { name, noise, noiseSeed: 0, clipped: true, channels: "grey" };
  const mean = { noisy: scoresOf(psnrDb - 10), blurred: scoresOf(psnrDb - 5), denoised: scoresOf(psnrDb) };
  return { network, dataset: "set12", photos: 12, recipe, mean, ...changes };
}

function measuredBm3d(psnrDb: number): MeasuredTest["baselines"] {
  const common = { tool: "bm3d 4", sigma: "known", seconds: 1, problem: null } as const;
  return [{ method: "bm3d", mean: scoresOf(psnrDb), ...common }];
}

describe("curves over noise", () => {
  const tests = [
    test("A", "gaussian-50", 27),
    test("A", "gaussian-15", 32),
    test("A", "gaussian-15", 20),
    test("B", "gaussian-15", 33),
    test("A", "gaussian-5..75", 30),
    test("A", "paired", 36, { dataset: "sidd", photos: 40 }),
  ];
  const [found] = listRobustnessTests(tests);

  it("are drawn of a set's fixed levels, and of no set with one level", () => {
    expect(listRobustnessTests([...tests, test("A", "gaussian-25", 30, { dataset: "other" })])).toEqual([found]);
    expect(found).toMatchObject({ dataset: "set12", channels: "grey", sigmas: [15, 50] });
  });

  it("take the newest figure of each network, and put noisy photos, blur and real pairs beside them", () => {
    const lines = buildRobustness(tests, found!, ["A", "B", "C"]);
    expect(lines.slice(0, 4)).toEqual([
      {
        kind: "network",
        id: "A",
        origin: null,
        points: [
          { sigma255: 15, psnrDb: 32 },
          { sigma255: 50, psnrDb: 27 },
        ],
        pairs: [{ dataset: "sidd", psnrDb: 36 }],
      },
      { kind: "network", id: "B", origin: null, points: [{ sigma255: 15, psnrDb: 33 }], pairs: [] },
      {
        kind: "noisy",
        id: "noisy",
        origin: null,
        points: [
          { sigma255: 15, psnrDb: 22 },
          { sigma255: 50, psnrDb: 17 },
        ],
        pairs: [{ dataset: "sidd", psnrDb: 26 }],
      },
      {
        kind: "blurred",
        id: "blurred",
        origin: null,
        points: [
          { sigma255: 15, psnrDb: 27 },
          { sigma255: 50, psnrDb: 22 },
        ],
        pairs: [{ dataset: "sidd", psnrDb: 31 }],
      },
    ]);
  });

  it("take published figures of BM3D on known sets, unless it was measured on the same pixels", () => {
    const bm3dOf = (of: readonly MeasuredTest[]) =>
      buildRobustness(of, found!, ["A"]).find(({ kind }) => kind === "baseline");
    expect(bm3dOf(tests)).toMatchObject({
      id: "BM3D",
      origin: "published",
      points: [
        { sigma255: 15, psnrDb: 32.37 },
        { sigma255: 50, psnrDb: 26.72 },
      ],
    });
    const measured = [...tests, test("B", "gaussian-50", 28, { baselines: measuredBm3d(26.5) })];
    expect(bm3dOf(measured)).toMatchObject({ origin: "both", points: [{ psnrDb: 32.37 }, { psnrDb: 26.5 }] });
    const unknown = tests.map((each) => ({ ...each, dataset: "mine" }));
    expect(buildRobustness(unknown, listRobustnessTests(unknown)[0]!, ["A"]).map(({ kind }) => kind)).toEqual([
      "network",
      "noisy",
      "blurred",
    ]);
  });

  it("never join other recipes, channels or numbers of photos", () => {
    const { recipe } = test("A", "gaussian-25", 30);
    const others = [
      test("A", "gaussian-25", 30, { photos: 3 }),
      test("A", "gaussian-25", 30, {
        recipe: { ...recipe, name: `${recipe.name}/self-ensemble-x8`, selfEnsemble: true },
      }),
    ];
    expect(listRobustnessTests([...tests, ...others])).toEqual([found]);
  });

  it("tell which levels are still to be measured", () => {
    const place = { network: "A", dataset: "set12", photos: 12, part: "all" } as const;
    expect(listMissingSigmas(tests, place, ROBUSTNESS_SIGMAS)).toEqual([5, 10, 25, 35, 65, 75]);
    expect(listMissingSigmas(tests, { ...place, photos: 3 }, [15])).toEqual([15]);
    const { recipe } = test("A", "gaussian-15", 30);
    const part = { name: "test", sha256: "abcd" } as const;
    const ofPart = [test("A", "gaussian-15", 30, { recipe: { ...recipe, part } })];
    expect(listMissingSigmas(ofPart, place, [15])).toEqual([15]);
    expect(listMissingSigmas(ofPart, { ...place, part: "test" }, [15, 25])).toEqual([25]);
    expect(listMissingSigmas(tests, { ...place, part: "test" }, [15])).toEqual([15]);
  });
});
