import { describe, expect, it } from "vitest";

import { whenNobodyWaits } from "#main/lab/denoising/denoiseItems.ts";
import { chooseQuickPart, chooseQuickShrink, countWork } from "#main/lab/denoising/quickPart.ts";

const MARGIN = 112;
const AREA = { x: 3000, y: 1000, width: 1000, height: 700 };

describe("the part that is seen first", () => {
  it("is all that is on show where that is known to take no longer than a person waits", () => {
    // (1000 + 112) x (700 + 112) pixels at 1.1 seconds a megapixel: 0.99 seconds.
    expect(countWork(AREA, MARGIN)).toBeCloseTo(0.902944, 9);
    expect(chooseQuickPart(AREA, MARGIN, { known: 1.1, guess: 9 })).toEqual(AREA);
  });

  it("is the middle that takes 0.7 seconds where all takes longer, in the same shape", () => {
    const part = chooseQuickPart(AREA, MARGIN, { known: 4, guess: 0.01 });
    expect(countWork(part, MARGIN) * 4).toBeGreaterThan(0.68);
    expect(countWork(part, MARGIN) * 4).toBeLessThanOrEqual(0.7);
    expect(part.width / part.height).toBeCloseTo(10 / 7, 1);
    expect(Math.abs(part.x + part.width / 2 - 3500)).toBeLessThanOrEqual(1);
    expect(Math.abs(part.y + part.height / 2 - 1350)).toBeLessThanOrEqual(1);
  });

  it("goes by a guess where nothing was done yet", () => {
    expect(chooseQuickPart(AREA, MARGIN, { known: null, guess: 0.7 })).toEqual(AREA);
    expect(countWork(chooseQuickPart(AREA, MARGIN, { known: null, guess: 1.3 }), MARGIN) * 1.3).toBeLessThanOrEqual(
      0.7,
    );
  });

  it("is never smaller than tells something", () => {
    expect(chooseQuickPart(AREA, MARGIN, { known: 1000, guess: 1 })).toMatchObject({ width: 96, height: 96 });
  });
});

it("shrinks a part that is seen small once more where all of it takes longer than a person waits", () => {
  const whole = { x: 0, y: 0, width: 6000, height: 4000 };
  // 1200 x 800 pixels: 0.96 megapixels.
  expect(chooseQuickShrink(whole, 5, { known: 1, guess: 9 })).toBe(5);
  expect(chooseQuickShrink(whole, 5, { known: 1.1, guess: 0.1 })).toBe(10);
  expect(chooseQuickShrink(whole, 5, { known: null, guess: 1.1 })).toBe(10);
});

it("waits with what nobody sees until all looks are over, those that come meanwhile too", async () => {
  const [first, second] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()];
  const items = [{ looks: new Set<Promise<unknown>>() }, { looks: new Set<Promise<unknown>>([first.promise]) }];
  const said: string[] = [];
  const waiting = whenNobodyWaits(items).then(() => said.push("goes on"));
  items[0]?.looks.add(second.promise);
  items[1]?.looks.clear();
  first.reject(new Error("no part could be made"));
  await new Promise((resolve) => setImmediate(resolve));
  said.push("still waiting");
  items[0]?.looks.clear();
  second.resolve(null);
  await waiting;
  expect(said).toEqual(["still waiting", "goes on"]);
});
