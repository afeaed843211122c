import { describe, expect, it } from "vitest";

import { findPreviewArea, needsAllPixels } from "#renderer/views/denoise/previewArea.ts";

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

it("shows a photo that was shrunk to a screen's size as long as that is sharp", () => {
  const picture = { width: 6000, height: 4000 };
  expect(needsAllPixels({ scale: 0.2, picture })).toBe(false);
  expect(needsAllPixels({ scale: 0.5, picture })).toBe(true);
  expect(needsAllPixels({ scale: 1, picture: { width: 1024, height: 683 } })).toBe(false);
});
