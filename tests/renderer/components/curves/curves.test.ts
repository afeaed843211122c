import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { curvesToCsv, pointsOf, toLastPart } from "#renderer/components/curves/curve.ts";
import { createSmoother, thinOut } from "#renderer/components/curves/thinOut.ts";

describe("smoothing", () => {
  it("averages with weights that fall off by the factor, as the definition says", () => {
    const values = [3, -1, 4, 1, -5, 9];
    const factor = 0.7;
    const naive = values.map((_, last) => {
      const weights = values.slice(0, last + 1).map((_value, index) => factor ** (last - index));
      const sum = weights.reduce((total, weight, index) => total + weight * values[index]!, 0);
      return sum / weights.reduce((total, weight) => total + weight, 0);
    });
    const smoothed = values.map(createSmoother(factor));
    for (const [index, value] of naive.entries()) expect(smoothed[index]).toBeCloseTo(value, 12);
  });

  it("keeps a constant from its first value on", () => {
    for (const value of Array<number>(50).fill(0.25).map(createSmoother(0.99))) expect(value).toBeCloseTo(0.25, 12);
  });

  it("changes nothing with the factor 0", () => {
    expect([1, -3, 5].map(createSmoother(0))).toEqual([1, -3, 5]);
  });
});

describe("thinning out", () => {
  const whole = { from: -Infinity, to: Infinity, columns: 20, smoothing: 0, isLog: false };
  const toCurve = (y: readonly (number | null)[]) => ({ x: y.map((_, index) => index), y });
  const wave = toCurve(Array.from({ length: 10_000 }, (_, index) => Math.sin(index / 50)));

  it("keeps the highest and the lowest value however few columns there are", () => {
    const y = [...wave.y];
    y[4321] = 99;
    y[6543] = -99;
    const kept = thinOut(toCurve(y), whole);
    expect(kept.length).toBeLessThanOrEqual(43);
    expect(kept).toContainEqual({ x: 4321, y: 99 });
    expect(kept).toContainEqual({ x: 6543, y: -99 });
  });

  it("keeps the newest value, though it be no peak", () => {
    expect(thinOut(toCurve([1, 9, 2, 3]), { ...whole, columns: 1 })).toEqual([
      { x: 0, y: 1 },
      { x: 1, y: 9 },
      { x: 3, y: 3 },
    ]);
  });

  it("divides by x and not by number: a lonely value among many has its column to itself", () => {
    const crowd = Array.from({ length: 1000 }, (_, index) => index / 1000);
    const kept = thinOut({ x: [...crowd, 5, 10], y: [...crowd.map(() => 1), 7, 1] }, { ...whole, columns: 10 });
    expect(kept.map(({ x }) => x)).toEqual([0, 5, 10]);
  });

  it("keeps every point of a stretch that has few, and one beyond each end", () => {
    const kept = thinOut(wave, { ...whole, from: 100.5, to: 103.5, columns: 200 });
    expect(kept.map(({ x }) => x)).toEqual([100, 101, 102, 103, 104]);
  });

  it("passes over what was not measured, and over what a log axis cannot show", () => {
    const curve = { x: [1, 2, 3, 4, 5], y: [0.5, null, NaN, 0, 2] };
    expect(thinOut(curve, whole).map(({ x }) => x)).toEqual([1, 4, 5]);
    expect(thinOut(curve, { ...whole, isLog: true }).map(({ x }) => x)).toEqual([1, 5]);
  });

  it("smooths before it chooses, also by what lies before the range in sight", () => {
    const values = [4, 0, 2, 8, 1, 1];
    const smoothed = values.map(createSmoother(0.5));
    const kept = thinOut(toCurve(values), { ...whole, from: 3, columns: 100, smoothing: 0.5 });
    expect(kept).toEqual([2, 3, 4, 5].map((x) => ({ x, y: smoothed[x] })));
  });

  it("gives points of the curve in their order, whatever the stretch, and never too many", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 200 });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: -5, max: 205 }),
        fc.nat(100),
        fc.integer({ min: 1, max: 50 }),
        (y, from, span, columns) => {
          const kept = thinOut(toCurve(y), { ...whole, from, to: from + span, columns });
          expect(kept.every((point) => y[point.x] === point.y)).toBe(true);
          expect(kept.every((point, index) => index === 0 || point.x > kept[index - 1]!.x)).toBe(true);
          expect(kept.length).toBeLessThanOrEqual(2 * columns + 3);
        },
      ),
    );
  });
});

describe("the last part of curves", () => {
  it("is a share of what all of them span together", () => {
    expect(toLastPart([{ x: [50, 90] }, { x: [10, 30, 110] }, { x: [] }], 0.25)).toEqual({ from: 85, to: 110 });
  });

  it("is none where they span nothing", () => {
    expect(toLastPart([{ x: [3] }], 0.1)).toBeNull();
    expect(toLastPart([], 0.1)).toBeNull();
  });
});

describe("curves", () => {
  it("leaves out what was not measured", () => {
    expect(pointsOf([1, 2, 3, 4], [0.5, null, NaN, 2])).toEqual([
      { x: 1, y: 0.5 },
      { x: 4, y: 2 },
    ]);
  });

  it("are written as raw values in full precision, one a line", () => {
    const curve = { id: "loss", label: "loss", colour: "red", x: [1, 2], y: [0.1 + 0.2, null] };
    expect(curvesToCsv([curve], "Step")).toBe("metric,Step,value\r\nloss,1,0.30000000000000004\r\nloss,2,\r\n");
  });
});
