import { describe, expect, it } from "vitest";

import type { DenoiseItem } from "#shared/api/denoising.ts";
import { suggestPath, suggestPathAmong } from "#renderer/views/denoise/savedFiles.ts";

const toItem = (index: number, name: string) => ({ index, name, source: `/photos/${name}` }) as DenoiseItem;

describe("the files of results", () => {
  it("lie beside their photo, in its format or in the one that is asked for", () => {
    expect(suggestPath(toItem(0, "sea.jpg"), null)).toBe("/photos/sea_hinas.jpg");
    expect(suggestPath(toItem(0, "sea.jpg"), "tiff")).toBe("/photos/sea_hinas.tif");
  });

  it("lie in a folder under the photo's name, by its kind of path", () => {
    const item = toItem(0, "sea.jpg");
    expect(suggestPathAmong([item], item, "/out", "webp")).toBe("/out/sea_hinas.webp");
    expect(suggestPathAmong([item], item, "C:\\out", null)).toBe("C:\\out\\sea_hinas.jpg");
  });

  it("get names of their own where they would share one, also by the format that is asked for", () => {
    const items = [toItem(0, "sea.jpg"), toItem(1, "sea.png"), toItem(2, "sun.png")];
    const toPaths = (format: "png" | null) => items.map((item) => suggestPathAmong(items, item, "/out", format));
    expect(toPaths(null)).toEqual(["/out/sea_hinas.jpg", "/out/sea_hinas.png", "/out/sun_hinas.png"]);
    expect(toPaths("png")).toEqual(["/out/sea_hinas-0.png", "/out/sea_hinas-1.png", "/out/sun_hinas.png"]);
  });
});
