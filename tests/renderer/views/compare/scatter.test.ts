import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { AxisName } from "#renderer/views/compare/axes.ts";
import { findParetoFront, listMeasures, splitByFront, toPoints } from "#renderer/views/compare/scatterPoints.ts";

import { buildEvaluation, buildModel } from "./compared.ts";

describe("the Pareto front", () => {
  const point = fc.record({ x: fc.integer({ min: 1, max: 6 }), y: fc.integer({ min: 1, max: 6 }) });
  const pairs = [
    { x: "parameters", y: "psnrDb", signs: [1, -1] },
    { x: "psnrDb", y: "parameters", signs: [-1, 1] },
    { x: "psnrDb", y: "ssim", signs: [-1, -1] },
    { x: "parameters", y: "secondsPerMegapixel", signs: [1, 1] },
  ] as const satisfies readonly { x: AxisName; y: AxisName; signs: readonly [number, number] }[];

  it.each(pairs)("holds a point of every best pair of $x and $y, and nothing that another point beats", (pair) => {
    const [ofX, ofY] = pair.signs;
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const isBeaten = (a: (typeof points)[number]) =>
          points.some((b) => {
            const [across, up] = [(b.x - a.x) * ofX, (b.y - a.y) * ofY];
            return across <= 0 && up <= 0 && (across < 0 || up < 0);
          });
        const toText = ({ x, y }: (typeof points)[number]) => `${x} ${y}`;
        const found = findParetoFront(points, pair);
        expect(found.map(({ x }) => x)).toEqual(found.map(({ x }) => x).toSorted((a, b) => a - b));
        const front = found.map(toText);
        expect(new Set(front)).toEqual(new Set(points.filter((each) => !isBeaten(each)).map(toText)));
        expect(front).toHaveLength(new Set(front).size);
      }),
    );
  });
});

describe("by what networks are measured", () => {
  const models = [buildModel("A"), buildModel("B", { parameters: 500 }), buildModel("C", { dataset: "other" })];

  it("begins with what most of the compared ones have; old evaluations and unknown networks do not count", () => {
    const evaluations = [buildEvaluation("A", 29), buildEvaluation("A", 25), buildEvaluation("gone", 33)];
    const measures = listMeasures(models, evaluations, new Set(["A", "B"]));
    expect(
      measures.map(({ label, networks }) => [label, ...networks.map(({ runId, psnrDb }) => `${runId} ${psnrDb}`)]),
    ).toEqual([
      ["Best validation: bsd500, gaussian-30, grey", "A 26", "B 26"],
      ["set12, gaussian-25, grey", "A 29"],
      ["Best validation: other, gaussian-30, grey", "C 26"],
    ]);
  });

  it("never puts grey and colour on one front", () => {
    const mixed = [buildModel("A"), buildModel("B", { imageChannels: 3 })];
    const { recipe } = buildEvaluation("A", 29);
    const evaluations = [
      buildEvaluation("A", 29),
      buildEvaluation("B", 31, { recipe: { ...recipe, channels: "colour" } }),
    ];
    const measures = listMeasures(mixed, evaluations, new Set(["A", "B"]));
    expect(measures.map(({ label, networks }) => [label, ...networks.map(({ runId }) => runId)])).toEqual([
      ["set12, gaussian-25, grey", "A"],
      ["set12, gaussian-25, colour", "B"],
      ["Best validation: bsd500, gaussian-30, grey", "A"],
      ["Best validation: bsd500, gaussian-30, colour", "B"],
    ]);
  });

  it("set them against either cost, cheapest first", () => {
    const [measure] = listMeasures([buildModel("A"), buildModel("B", { parameters: 500, multiplyAddsPerPixel: 2000 })], [], new Set()); // prettier-ignore
    const orderBy = (x: AxisName) => toPoints(measure!, { x, y: "psnrDb" }).map((each) => `${each.runId} ${each.x}`);
    expect(orderBy("parameters")).toEqual(["B 500", "A 1000"]);
    expect(orderBy("multiplyAddsPerPixel")).toEqual(["A 900", "B 2000"]);
    // A validation measures no time.
    expect(orderBy("secondsPerMegapixel")).toEqual([]);
  });

  it("take time, memory and SSIM from evaluations", () => {
    const evaluation = buildEvaluation("A", 29, { megapixelsPerSecond: 4, peakResidentMb: 700 });
    const measures = listMeasures(models, [evaluation], new Set());
    const network = measures.find(({ label }) => label.startsWith("set12"));
    expect(toPoints(network!, { x: "secondsPerMegapixel", y: "ssim" })).toMatchObject([{ x: 0.25, y: 0.8 }]);
    expect(toPoints(network!, { x: "peakResidentMb", y: "receptiveFieldPx" })).toMatchObject([{ x: 700, y: 21 }]);
  });

  it("tells which are on the front", () => {
    const points = [
      { runId: "A", name: "A", x: 1000, y: 26 },
      { runId: "B", name: "B", x: 500, y: 26 },
      { runId: "C", name: "C", x: 2000, y: 27 },
    ];
    const { front, isOnFront } = splitByFront(points, { x: "parameters", y: "psnrDb" });
    expect(front.map(({ runId }) => runId)).toEqual(["B", "C"]);
    expect(["A", "B", "C"].map(isOnFront)).toEqual([false, true, true]);
  });
});
