import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { inThread, makeTogether } from "#main/photos/threads/inThread.ts";
import { later, partOf } from "#main/photos/threads/later.ts";
import { newFloats } from "#main/photos/threads/sharedFloats.ts";

import { toGrey } from "#shared/image/grey.ts";
import { makeNoisy } from "#shared/image/noise.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
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

  it("make what a job needs beforehand, each once, and give back only what was asked for", async () => {
    const file = join(await makeFolder(), "drawn.f32");
    const photo = makeRandomPhoto(6, 4, 3);
    const drawn = later("makeNoisy", { name: "a", clean: photo }, { kind: "gaussian", sigma255: 25 }, 1);
    const noisy = partOf(drawn, "noisy");
    const { grey, written, width, nothing } = await makeTogether({
      grey: later("toChannels", noisy, 1),
      written: later("writePixels", file, noisy),
      width: partOf(noisy, "width"),
      nothing: null,
    });
    const whole = await inThread("readPixels", written, { x: 0, y: 0, width: 6, height: 4 });
    expect(grey).toEqual(toGrey(whole));
    expect({ width, nothing }).toEqual({ width: 6, nothing: null });
    expect(whole.data).not.toEqual(photo.data);
    expect(whole).toEqual(makeNoisy({ name: "a", clean: photo }, { kind: "gaussian", sigma255: 25 }, 1).noisy);
  });

  it("take a part of what is here already without asking a thread", () => {
    expect(partOf(makeRandomPhoto(6, 4), "height")).toBe(4);
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
