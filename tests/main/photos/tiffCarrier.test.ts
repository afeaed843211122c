import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { createTiffCarrier } from "#main/photos/tiffCarrier.ts";
import { createRandom } from "#shared/random/createRandom.ts";

const ICC = await makeProfile();
/** Odd sizes, and more rows than a strip holds. */
const [WIDTH, HEIGHT] = [37, 301];

async function makeProfile(): Promise<Buffer> {
  const picture = sharp({ create: { width: 1, height: 1, channels: 3, background: "#808080" } }).withIccProfile("p3");
  const { icc } = await sharp(await picture.png().toBuffer()).metadata();
  if (icc === undefined) throw new Error("sharp must embed its profile");
  return icc;
}

describe("createTiffCarrier", () => {
  for (const bitDepth of [8, 16] as const) {
    it.each([1, 2, 3, 4] as const)(
      `carries %i bands of ${bitDepth} bits and the profile as they are`,
      async (bands) => {
        const carrier = createTiffCarrier({ width: WIDTH, height: HEIGHT, bands, bitDepth }, ICC);
        if (carrier === null) throw new Error("it must fit");
        const random = createRandom(bands, "tiff");
        for (let i = 0; i < carrier.values.length; i++) {
          carrier.values[i] = Math.floor(random.uniform() * 2 ** bitDepth);
        }
        const picture = sharp(carrier.file, { ignoreIcc: true });
        const { width, height, channels, depth, icc } = await picture.metadata();
        expect([width, height, channels, depth]).toEqual([WIDTH, HEIGHT, bands, bitDepth === 16 ? "ushort" : "uchar"]);
        expect(icc?.equals(ICC)).toBe(true);
        // Sharp leaves the opacity out of grey raw values, unless it is taken by itself.
        const parts = bands === 2 || bands === 1 ? ([[0], [1]] as const).slice(0, bands) : [[0, 1, 2, 3] as const];
        for (const part of parts) {
          const whole = sharp(carrier.file, { ignoreIcc: true });
          const taken = part.length > 1 ? whole : whole.extractChannel(part[0]);
          const space = bands < 3 ? (bitDepth === 16 ? "grey16" : "b-w") : bitDepth === 16 ? "rgb16" : "srgb";
          const raw = taken.toColourspace(space).raw({ depth: bitDepth === 16 ? "ushort" : "uchar" });
          const expected = carrier.values.filter((_, index) => part.some((band) => band === index % bands));
          expect(Buffer.compare(await raw.toBuffer(), new Uint8Array(expected.buffer))).toBe(0);
        }
      },
    );
  }

  it("says no to more pixels than a file of this kind can hold", () => {
    const shape = { width: 40_000, height: 40_000, bands: 3, bitDepth: 8 } as const;
    expect(createTiffCarrier(shape, ICC)).toBeNull();
  });
});
