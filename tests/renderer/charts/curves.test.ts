import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mixColours, toReadableColour } from "#renderer/components/charts/chartColours.ts";
import { curvesToCsv, toCsv } from "#renderer/components/charts/csv.ts";
import { pointsOf } from "#renderer/components/charts/curve.ts";
import { smooth } from "#renderer/components/charts/smoothing.ts";
import { thinOut } from "#renderer/components/charts/thinOut.ts";

describe("smoothing", () => {
  it("averages with weights that fall off by the factor, as the definition says", () => {
    const values = [3, -1, 4, 1, -5, 9];
    const factor = 0.7;
    const naive = values.map((_, last) => {
      const weights = values.slice(0, last + 1).map((_value, index) => factor ** (last - index));
      const sum = weights.reduce((total, weight, index) => total + weight * values[index]!, 0);
      return sum / weights.reduce((total, weight) => total + weight, 0);
    });
    const smoothed = smooth(values, factor);
    for (const [index, value] of naive.entries()) expect(smoothed[index]).toBeCloseTo(value, 12);
  });

  it("keeps a constant from its first value on", () => {
    for (const value of smooth(Array<number>(50).fill(0.25), 0.99)) expect(value).toBeCloseTo(0.25, 12);
  });

  it("changes nothing with the factor 0 and leaves gaps where they are", () => {
    expect(smooth([1, null, 5], 0)).toEqual([1, null, 5]);
    expect(smooth([1, null, 1, NaN], 0.9)).toEqual([1, null, 1, null]);
  });
});

describe("thinning out", () => {
  const wave = Array.from({ length: 10_000 }, (_, x) => ({ x, y: Math.sin(x / 50) }));

  it("keeps the highest and the lowest value however few points are wanted", () => {
    const spiked = wave.map((point) => (point.x === 4321 ? { x: 4321, y: 99 } : point));
    spiked[6543] = { x: 6543, y: -99 };
    const kept = thinOut(spiked, -Infinity, Infinity, 40);
    expect(kept.length).toBeLessThanOrEqual(40);
    expect(kept).toContainEqual({ x: 4321, y: 99 });
    expect(kept).toContainEqual({ x: 6543, y: -99 });
  });

  it("keeps every point of a stretch that has few, and one beyond each end", () => {
    expect(thinOut(wave, 100.5, 103.5, 400).map(({ x }) => x)).toEqual([100, 101, 102, 103, 104]);
  });

  it("gives points of the input in their order, whatever the stretch", () => {
    const points = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 200 });
    fc.assert(
      fc.property(
        points,
        fc.integer({ min: -5, max: 205 }),
        fc.nat(100),
        fc.integer({ min: 2, max: 50 }),
        (ys, from, span, most) => {
          const all = ys.map((y, x) => ({ x, y }));
          const kept = thinOut(all, from, from + span, most);
          expect(kept.every((point) => all.includes(point))).toBe(true);
          expect(kept.every((point, index) => index === 0 || point.x > kept[index - 1]!.x)).toBe(true);
        },
      ),
    );
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

  it("quotes what a table's cells would break, and disarms formulas", () => {
    expect(toCsv(["a"], [['x,"y"'], ["=SUM(A1)"], [-5], [Infinity]])).toBe(
      'a\r\n"x,""y"""\r\n\'=SUM(A1)\r\n-5\r\n\r\n',
    );
  });
});

describe("colours of cells", () => {
  it("mix channel by channel, from the first to the second", () => {
    expect([mixColours("#000000", "#ff8040", 0.5), mixColours("#fff", "#123456", 1)]).toEqual(["#804020", "#123456"]);
  });

  it("are always readable: the text stands out 4.5 to 1", () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...rgb) => {
        const colour = `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
        const linear = rgb
          .map((value) => value / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
        const contrast = toReadableColour(colour) === "#ffffff" ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
        expect(contrast).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
