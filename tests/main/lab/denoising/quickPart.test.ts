import { describe, expect, it } from "vitest";

import { whenNobodyWaits } from "#main/lab/denoising/denoiseItems.ts";
import { chooseQuickPart, countWork } from "#main/lab/denoising/quickPart.ts";

const MARGIN = 112;
const AREA = { x: 3000, y: 1000, width: 1000, height: 700 };

describe("the part that is seen first", () => {
  it("is all that is on show where that is known to take no longer than a person waits", () => {
    // (1000 + 112) x (700 + 112) pixels at 1.5 seconds a megapixel: 1.35 seconds.
    expect(countWork(AREA, MARGIN)).toBeCloseTo(0.902944, 9);
    expect(chooseQuickPart(AREA, MARGIN, { known: 1.5, guess: 9 })).toEqual(AREA);
  });

  it("is the middle that takes a second where all takes longer, in the same shape", () => {
    const part = chooseQuickPart(AREA, MARGIN, { known: 4, guess: 0.01 });
    expect(countWork(part, MARGIN) * 4).toBeGreaterThan(0.98);
    expect(countWork(part, MARGIN) * 4).toBeLessThanOrEqual(1);
    expect(part.width / part.height).toBeCloseTo(10 / 7, 1);
    expect(Math.abs(part.x + part.width / 2 - 3500)).toBeLessThanOrEqual(1);
    expect(Math.abs(part.y + part.height / 2 - 1350)).toBeLessThanOrEqual(1);
  });

  it("goes by a guess where nothing was done yet, and then takes no more than a second", () => {
    expect(chooseQuickPart(AREA, MARGIN, { known: null, guess: 1 })).toEqual(AREA);
    expect(countWork(chooseQuickPart(AREA, MARGIN, { known: null, guess: 1.3 }), MARGIN) * 1.3).toBeLessThanOrEqual(1);
  });

  it("is never smaller than tells something", () => {
    expect(chooseQuickPart(AREA, MARGIN, { known: 1000, guess: 1 })).toMatchObject({ width: 96, height: 96 });
  });
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
