import { describe, expect, it } from "vitest";

import { findPreviewArea } from "#renderer/views/denoise/previewArea.ts";

describe("the part that is denoised first", () => {
  const picture = { width: 6000, height: 4000 };

  it("is what is on show", () => {
    const area = { x: 100, y: 50, width: 800, height: 600 };
    expect(findPreviewArea({ area, picture })).toEqual(area);
  });

  it("is the middle of what is on show where that is large", () => {
    const part = findPreviewArea({ area: { x: 0, y: 0, ...picture }, picture });
    expect(part).toEqual({ x: 2388, y: 1592, width: 1224, height: 816 });
  });

  it("is nothing where the whole photo is hardly more", () => {
    const small = { width: 1000, height: 1000 };
    expect(findPreviewArea({ area: { x: 0, y: 0, width: 10, height: 10 }, picture: small })).toBeNull();
  });
});
