import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { inThread } from "#main/photos/threads/inThread.ts";
import { newFloats } from "#main/photos/threads/sharedFloats.ts";

import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";

describe("the threads for photos", () => {
  it("shrink a picture of more than a hundred million values", async () => {
    const side = 10_040;
    const data = newFloats(side * side).fill(0.5);
    const png = await inThread("encodePng", { width: side, height: side, channels: 1, data }, 16);
    const { data: values, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([16, 16]);
    expect(new Set(values)).toEqual(new Set([128]));
  });

  it("give photos back in memory that the next one gets without a copy", async () => {
    const grey = await inThread("toChannels", makeRandomPhoto(6, 4, 3), 1);
    expect(grey.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    const again = await inThread("toChannels", grey, 1);
    expect(again.data).toEqual(grey.data);
  });

  it("keep the kind of an error", async () => {
    const gone = inThread(
      "readPixels",
      { file: "/nowhere/x.f32", width: 1, height: 1, channels: 1 },
      {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
      },
    );
    await expect(gone).rejects.toMatchObject({ name: "LabError", kind: "not_found" });
  });
});
