import { describe, expect, it } from "vitest";

import { covers, findSeenPart, isTooSmall, needsAllPixels } from "#renderer/views/denoise/previewArea.ts";

describe("the part that is denoised first", () => {
  const picture = { width: 6000, height: 4000 };

  it("is what is on show", () => {
    const area = { x: 100, y: 50, width: 800, height: 600 };
    expect(findSeenPart({ area, scale: 1, picture })).toEqual({ area, shrink: 1 });
  });

  it("is the middle of what is on show where that is large, and seen as it is", () => {
    const part = findSeenPart({ area: { x: 0, y: 0, width: 3000, height: 2000 }, scale: 1, picture });
    expect(part).toEqual({ area: { x: 888, y: 592, width: 1224, height: 816 }, shrink: 1 });
  });

  it("is all that is on show, shrunk as it is seen, where that is small, with sides that can be halved once more", () => {
    const whole = findSeenPart({ area: { x: 0, y: 0, ...picture }, scale: 0.2, picture });
    expect(whole).toEqual({ area: { x: 0, y: 0, width: 6000, height: 4000 }, shrink: 5 });
    const part = findSeenPart({ area: { x: 100, y: 7, width: 2005, height: 1403 }, scale: 0.5, picture });
    expect(part).toEqual({ area: { x: 100, y: 7, width: 2004, height: 1400 }, shrink: 2 });
  });

  it("is shrunk more than it is seen where a large screen shows more than is done at once", () => {
    expect(findSeenPart({ area: { x: 0, y: 0, ...picture }, scale: 0.4, picture })?.shrink).toBe(5);
  });

  it("covers what is on show, but for what was cut off to shrink it", () => {
    const part = { area: { x: 100, y: 7, width: 2004, height: 1400 }, shrink: 2 };
    const shown = (area: object) => covers(part, { area: { x: 100, y: 7, width: 2005, height: 1403, ...area } });
    expect([shown({}), shown({ x: 200, width: 100 })]).toEqual([true, true]);
    expect([shown({ x: 99 }), shown({ width: 2008 }), shown({ height: 1404 }), shown({ y: 0 })]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("is not shown where it would be blurred", () => {
    expect(isTooSmall({ shrink: 5 }, { scale: 0.2 })).toBe(false);
    expect(isTooSmall({ shrink: 10 }, { scale: 0.2 })).toBe(false);
    expect(isTooSmall({ shrink: 5 }, { scale: 1 })).toBe(true);
    expect(isTooSmall({ shrink: 1 }, { scale: 8 })).toBe(false);
  });

  it("is nothing where the whole photo is hardly more", () => {
    const small = { width: 1000, height: 1000 };
    expect(findSeenPart({ area: { x: 0, y: 0, width: 10, height: 10 }, scale: 1, picture: small })).toBeNull();
  });
});

it("shows a photo that was shrunk to a screen's size as long as that is sharp", () => {
  const picture = { width: 6000, height: 4000 };
  expect(needsAllPixels({ scale: 0.2, picture })).toBe(false);
  expect(needsAllPixels({ scale: 0.5, picture })).toBe(true);
  expect(needsAllPixels({ scale: 1, picture: { width: 1024, height: 683 } })).toBe(false);
});
