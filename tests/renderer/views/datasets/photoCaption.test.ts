import { describe, expect, it } from "vitest";

import type { PhotoFacts } from "#shared/api/datasets.ts";
import { toPhotoCaption } from "#renderer/views/datasets/photoCaption.ts";

const PHOTO: PhotoFacts = {
  name: "a.png",
  width: 480,
  height: 320,
  channels: 3,
  bitDepth: 8,
  problem: null,
  bytes: 312_000,
  hasNoisy: false,
  part: null,
};

describe("the caption of a photo", () => {
  it("tells size, depth, colour and the file's size", () => {
    expect(toPhotoCaption(PHOTO)).toEqual({ size: "480 × 320 · 8-bit", kind: "colour · 312 KB" });
    expect(toPhotoCaption({ ...PHOTO, channels: 1, bitDepth: 16 })).toMatchObject({
      size: "480 × 320 · 16-bit",
      kind: "grey · 312 KB",
    });
  });

  it("tells what is wrong with a photo that cannot be read any more", () => {
    const nothing = { width: null, height: null, channels: null, bitDepth: null, bytes: null };
    const problem = "photo a.png: expected a photo, got an empty file";
    expect(toPhotoCaption({ ...PHOTO, ...nothing, problem })).toEqual({ size: "cannot be read", kind: problem });
  });

  it("tells no file size of a drawn photo", () => {
    expect(toPhotoCaption({ ...PHOTO, bytes: null }).kind).toBe("colour");
  });
});
