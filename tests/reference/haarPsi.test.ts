import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { computeHaarPsi } from "#shared/image/haarPsi.ts";
import type { Photo } from "#shared/image/photo.ts";

/** Computed by `haarPsi.py` beside it, with whole-picture convolutions. */
const FILE = new URL("fixtures/perceptual/haarPsi.json", import.meta.url);
const rows = z
  .array(
    z.object({
      width: z.int(),
      height: z.int(),
      channels: z.union([z.literal(1), z.literal(3)]),
      fault: z.number(),
      haarPsi: z.number(),
    }),
  )
  .parse(JSON.parse(readFileSync(FILE, "utf8")));

/** The picture of `haarPsi.py` with as much of its grain as `fault` says. */
function makePicture({ width, height, channels }: Pick<Photo, "width" | "height" | "channels">, fault: number): Photo {
  const data = Float32Array.from({ length: width * height * channels }, (_, i) => {
    const channel = i % channels;
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const waves = 0.22 * Math.sin(0.31 * x + 0.17 * y + 0.9 * channel);
    const rings = 0.18 * Math.sin((0.05 * x * y) / (1 + channel) + 1);
    const squares = 0.1 * ((Math.floor(x / 7) + Math.floor(y / 5)) % 2);
    const grain = Math.sin(12.9898 * x + 78.233 * y + 37.719 * channel) * 43758.5453;
    return 0.5 + waves + rings + squares + fault * (grain - Math.floor(grain) - 0.5);
  });
  return { width, height, channels, data };
}

describe("computeHaarPsi against NumPy and SciPy", () => {
  it.each(rows)("agrees on $width x $height x $channels with faults of $fault", ({ fault, haarPsi, ...shape }) => {
    expect(computeHaarPsi(makePicture(shape, 0), makePicture(shape, fault))).toBeCloseTo(haarPsi, 8);
  });
});
