import { join } from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { weighNoise } from "#main/lab/denoising/shrunkPart.ts";
import { denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";
import { computeMse } from "#shared/image/psnr.ts";
import { shrinkByMeans } from "#shared/image/shrinkByMeans.ts";

import { makeFolder, openLabWithBox } from "#tests/helpers/labHome.ts";
import { readFloats } from "#tests/helpers/pictures.ts";

const SIDE = 400;

const ends: (() => Promise<void>)[] = [];
let lab: Lab;
let photo: string;

beforeAll(async () => {
  const onEnd = (end: () => Promise<void>) => void ends.push(end);
  const folder = await makeFolder(onEnd);
  photo = join(folder, "smooth.png");
  // Light that changes slowly, with edges: what photos are made of.
  const values = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, p) => {
    const [x, y] = [Math.floor(p / 3) % SIDE, Math.floor(p / 3 / SIDE)];
    const light = 128 + 50 * Math.sin(x / 31 + (p % 3)) * Math.cos(y / 43);
    return light + ((x - 200) ** 2 + (y - 180) ** 2 < 100 ** 2 ? 60 : 0);
  });
  await sharp(values, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(photo);
  ({ lab } = openLabWithBox(join(folder, "home"), "resources/models", onEnd));
  await lab.setPreferences({ denoisingEngine: "onnxruntime" });
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function startNoisy() {
  const { id: task } = await lab.startDenoise(
    denoiseRequestSchema.parse({
      models: ["fast"],
      inputs: [photo],
      addNoise: { kind: "gaussian", sigma255: 40 },
    }),
  );
  return { task, wish: { task, item: 0, model: "fast", sigma255: null } };
}

describe("a part that is seen small", () => {
  it("looks like the photo that is denoised as a whole and then seen small, by far more than the noisy one does", async () => {
    const { task, wish } = await startNoisy();
    const area = { x: 8, y: 4, width: 384, height: 392 };
    const part = await lab.previewDenoised({ ...wish, area, isQuick: false, shrink: 2 });
    if (part === null) throw new Error("a part must have been made");
    expect(part).toMatchObject({ area, shrink: 2 });
    const find = async () => (await lab.listTasks()).find((each) => each.id === task);
    const ref = { kind: "denoise", task, item: 0 } as const;
    const look = await readFloats(lab, { ...ref, view: "preview", revision: part.revision });
    expect([look.width, look.height]).toEqual([192, 196]);
    await expect.poll(async () => (await find())?.state, { timeout: 60_000 }).toBe("finished");
    const small = async (view: "input" | "output") =>
      shrinkByMeans(await readFloats(lab, { ...ref, view, region: area }), 2);
    const whole = await small("output");
    const gain = 10 * Math.log10(computeMse(await small("input"), whole) / computeMse(look, whole));
    expect(gain).toBeGreaterThan(6);
  });

  it("is refused where it cannot be cut into whole squares", async () => {
    const { wish } = await startNoisy();
    const area = { x: 0, y: 0, width: 398, height: 400 };
    const refused = lab.previewDenoised({ ...wish, area, isQuick: true, shrink: 2 });
    await expect(refused).rejects.toThrow("multiples of 4, got 398x400 at (0, 0)");
  });
});

describe("the noise that is left when a photo is shrunk", () => {
  it("is what is said, known or estimated, by the factor", () => {
    const known = { noise: { kind: "gaussian", sigma255: 30 } as const, estimatedSigma255: 20 };
    const unknown = { ...known, noise: undefined };
    expect(weighNoise(unknown, null, 4).noise).toEqual({ kind: "gaussian", sigma255: 5 });
    expect(weighNoise(known, null, 4).noise).toEqual({ kind: "gaussian", sigma255: 7.5 });
    expect(weighNoise(known, 50, 4).noise).toEqual({ kind: "gaussian", sigma255: 12.5 });
  });

  it("weighs against what a network blurs: where none is left, the photo stays as it is", () => {
    const share = (sigma255: number) => weighNoise({ noise: undefined, estimatedSigma255: sigma255 }, null, 2).share;
    expect(share(6)).toBeCloseTo(0.5, 9);
    expect(share(60)).toBeCloseTo(900 / 909, 9);
    expect(share(0)).toBe(0);
  });
});
