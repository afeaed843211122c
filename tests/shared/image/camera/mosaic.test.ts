import { describe, expect, it } from "vitest";

import { colourAt, demosaic } from "#shared/image/camera/mosaic.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const OFFSETS = [0, 1].flatMap((y) => [0, 1].map((x) => ({ x, y })));
const METHODS = ["bilinear", "malvar"] as const;

/** The seven 5x5 filters as the paper's figure shows them, times 8; symmetric ones left out. */
const GREEN_AT_RED = [
  [0, 0, -1, 0, 0],
  [0, 0, 2, 0, 0],
  [-1, 2, 4, 2, -1],
  [0, 0, 2, 0, 0],
  [0, 0, -1, 0, 0],
];
const RED_AT_GREEN_IN_RED_ROW = [
  [0, 0, 0.5, 0, 0],
  [0, -1, 0, -1, 0],
  [-1, 4, 5, 4, -1],
  [0, -1, 0, -1, 0],
  [0, 0, 0.5, 0, 0],
];
const RED_AT_BLUE = [
  [0, 0, -1.5, 0, 0],
  [0, 2, 0, 2, 0],
  [-1.5, 0, 6, 0, -1.5],
  [0, 2, 0, 2, 0],
  [0, 0, -1.5, 0, 0],
];
const transpose = (filter: readonly number[][]) => filter[0]!.map((_, x) => filter.map((row) => row[x]!));

/** The filter for a colour at a pixel of another colour. */
function filterFor(wanted: number, x: number, y: number, offset: { x: number; y: number }): readonly number[][] | null {
  const own = colourAt(x, y, offset);
  if (own === wanted) return null;
  if (wanted === 1) return GREEN_AT_RED;
  if (own !== 1) return RED_AT_BLUE;
  const beside = colourAt(x + 1, y, offset);
  return beside === wanted ? RED_AT_GREEN_IN_RED_ROW : transpose(RED_AT_GREEN_IN_RED_ROW);
}

function makeMosaic(width: number, height: number, offset: { x: number; y: number }) {
  const random = createRandom(1, "mosaic", offset.x, offset.y);
  return { width, height, offset, data: Float64Array.from({ length: width * height }, () => random.uniform()) };
}

describe("colourAt", () => {
  it("lays a Bayer pattern, red-green and green-blue, from the offset on", () => {
    const rows = (offset: { x: number; y: number }) =>
      [0, 1].map((y) => [0, 1].map((x) => "RGB"[colourAt(x, y, offset)]).join(""));
    expect(OFFSETS.map(rows)).toEqual([
      ["RG", "GB"],
      ["GR", "BG"],
      ["GB", "RG"],
      ["BG", "GR"],
    ]);
  });
});

describe("demosaic", () => {
  it.each(METHODS)("keeps what the sensor has seen, and a picture of one grey (%s)", (method) => {
    for (const offset of OFFSETS) {
      const mosaic = makeMosaic(9, 7, offset);
      const colours = demosaic(mosaic, method);
      mosaic.data.forEach((value, i) => {
        expect(colours[3 * i + colourAt(i % 9, Math.floor(i / 9), offset)]).toBe(value);
      });
      const grey = demosaic({ ...mosaic, data: mosaic.data.map(() => 0.3) }, method);
      for (const value of grey) expect(value).toBeCloseTo(0.3, 12);
    }
  });

  it.each(METHODS)("keeps each of three colours that fill the picture (%s)", (method) => {
    // Malvar's filters carry detail over from one colour to another, of which there is none here.
    const colour = method === "bilinear" ? [0.7, 0.4, 0.1] : [0.4, 0.4, 0.4];
    for (const offset of OFFSETS) {
      const mosaic = makeMosaic(8, 8, offset);
      const data = mosaic.data.map((_, i) => colour[colourAt(i % 8, Math.floor(i / 8), offset)]!);
      const colours = demosaic({ ...mosaic, data }, method);
      colours.forEach((value, i) => expect(value).toBeCloseTo(colour[i % 3]!, 12));
    }
  });

  it("finds missing colours by the published filters", () => {
    for (const offset of OFFSETS) {
      const mosaic = makeMosaic(10, 9, offset);
      const colours = demosaic(mosaic, "malvar");
      for (let y = 2; y < 7; y++) {
        for (let x = 2; x < 8; x++) {
          for (const wanted of [0, 1, 2]) {
            const filter = filterFor(wanted, x, y, offset);
            if (filter === null) continue;
            let sum = 0;
            filter.forEach((row, v) =>
              row.forEach((weight, u) => (sum += (weight / 8) * mosaic.data[(y + v - 2) * 10 + x + u - 2]!)),
            );
            expect(colours[3 * (y * 10 + x) + wanted]).toBeCloseTo(sum, 12);
          }
        }
      }
    }
  });

  it("finds missing colours by the means of the nearest ones that are there", () => {
    for (const offset of OFFSETS) {
      const mosaic = makeMosaic(6, 6, offset);
      const colours = demosaic(mosaic, "bilinear");
      for (const wanted of [0, 1, 2]) {
        const near = [-1, 0, 1].flatMap((v) => [-1, 0, 1].map((u) => [u, v] as const));
        const known = near.filter(([u, v]) => colourAt(2 + u, 3 + v, offset) === wanted);
        const own = known.filter(([u, v]) => u === 0 && v === 0);
        const used = own.length > 0 ? own : known;
        const mean = used.reduce((sum, [u, v]) => sum + mosaic.data[(3 + v) * 6 + 2 + u]!, 0) / used.length;
        expect(colours[3 * (3 * 6 + 2) + wanted]).toBeCloseTo(mean, 12);
      }
    }
  });

  it("mirrors the mosaic beyond its edges, so that the pattern goes on", () => {
    const offset = { x: 1, y: 0 };
    const small = makeMosaic(6, 6, offset);
    const mirrored = (position: number) => (position < 2 ? 2 - position : position < 8 ? position - 2 : 12 - position);
    const large = {
      width: 10,
      height: 10,
      offset,
      data: Float64Array.from(
        { length: 100 },
        (_, i) => small.data[mirrored(Math.floor(i / 10)) * 6 + mirrored(i % 10)]!,
      ),
    };
    const inside = demosaic(large, "malvar");
    const alone = demosaic(small, "malvar");
    for (let i = 0; i < 36; i++) {
      const from = 3 * ((Math.floor(i / 6) + 2) * 10 + (i % 6) + 2);
      expect([...alone.slice(3 * i, 3 * i + 3)]).toEqual([...inside.slice(from, from + 3)]);
    }
  });
});
