import sharp from "sharp";
import { describe, expect, it } from "vitest";

import type { Lab } from "#shared/api/lab.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { FRAME_SIZE } from "#shared/space/drawing/drawSearchFrame.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

async function search(lab: Lab): Promise<string> {
  const dataset = await writePhotos(await makeFolder(), 4);
  const { id } = await lab.startSearch(searchConfigSchema.parse({ data: { dataset }, space: { layers: 1, nodes: 1 } }));
  await lab.waitForRun(id);
  return id;
}

async function readFrame(bytes: Uint8Array, page: number): Promise<Buffer> {
  return sharp(bytes, { page }).raw().toBuffer();
}

describe("the animation of a search", () => {
  it("is a GIF that plays from the first to the last epoch, and stays there for a while", async () => {
    const { lab } = openLab(await makeFolder());
    const { bytes, type } = await lab.readPicture({
      kind: "animation",
      run: await search(lab),
      layer: 0,
      theme: "light",
    });
    expect(type).toBe("image/gif");
    const { format, pages = 0, width, pageHeight, delay = [] } = await sharp(bytes, { animated: true }).metadata();
    expect({ format, width, pageHeight }).toEqual({
      format: "gif",
      width: FRAME_SIZE.width,
      pageHeight: FRAME_SIZE.height,
    });
    expect(pages).toBeGreaterThan(20);
    expect(delay.at(-1)).toBeGreaterThan(5 * (delay[0] ?? Infinity));
    const [first, middle, last] = await Promise.all([0, pages >> 1, pages - 1].map((page) => readFrame(bytes, page)));
    expect(first?.equals(middle ?? first)).toBe(false);
    expect(middle?.equals(last ?? middle)).toBe(false);
  });

  it("is refused for a layer that is not there", async () => {
    const { lab } = openLab(await makeFolder());
    const wish = { kind: "animation", run: await search(lab), layer: 1, theme: "light" } as const;
    await expect(lab.readPicture(wish)).rejects.toThrow("the layer must be below 1, got 1");
  });
});
