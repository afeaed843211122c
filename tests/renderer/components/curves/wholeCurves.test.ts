import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Curve } from "#renderer/components/curves/curve.ts";
import { continueCurves, toNewestRows } from "#renderer/components/curves/wholeCurves.ts";

const toCurve = (id: string, x: readonly number[], y: readonly (number | null)[] = x): Curve => ({
  id,
  label: id,
  colour: "red",
  x,
  y,
});

describe("the rows of a table", () => {
  it("are those that a plain join by x gives, newest first", () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true }), { nil: null }), { maxLength: 40 });
    const xs = fc.uniqueArray(fc.nat(60), { minLength: 40, maxLength: 40 }).map((all) => all.sort((a, b) => a - b));
    const curve = (id: string) => fc.tuple(xs, values).map(([x, y]) => toCurve(id, x.slice(0, y.length), y));
    fc.assert(
      fc.property(fc.tuple(curve("a"), curve("b")), fc.nat(20), (curves, most) => {
        const joined = new Map<number, Map<string, number>>();
        for (const { id, x, y } of curves) {
          for (const [index, at] of x.entries()) {
            const value = y[index] ?? null;
            if (value !== null) joined.set(at, (joined.get(at) ?? new Map<string, number>()).set(id, value));
          }
        }
        const expected = [...joined].sort(([a], [b]) => b - a);
        expect(toNewestRows(curves, most)).toEqual({ rows: expected.slice(0, most), count: expected.length });
      }),
    );
  });
});

describe("curves of which everything was read", () => {
  it("go on with what has come since, without gap and without repetition", () => {
    const whole = [toCurve("loss", [1, 2, 3, 4])];
    // The chart's own curve is thinned out where it is old.
    const live = [toCurve("loss", [2, 4, 5, 6])];
    expect(continueCurves(whole, live)[0]).toMatchObject({ x: [1, 2, 3, 4, 5, 6], y: [1, 2, 3, 4, 5, 6] });
  });

  it("leave alone what nothing more is known of", () => {
    const live = [toCurve("loss", [2, 4])];
    expect(continueCurves([], live)).toEqual(live);
  });
});
