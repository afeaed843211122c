import { describe, expect, it } from "vitest";

import { later } from "#main/photos/threads/later.ts";
import { settle } from "#main/photos/threads/settle.ts";

describe("settle", () => {
  it("does a job once that stands in several places, and jobs in jobs", async () => {
    const done: string[] = [];
    const doJob = (job: string, args: readonly unknown[]): unknown => {
      done.push(job);
      return { job, args };
    };
    const shape = later("readShape", "a.png");
    const made = await settle({ first: shape, second: [later("inspectFile", "b.png", 1), shape], third: 3 }, doJob);
    expect(done).toEqual(["readShape", "inspectFile"]);
    const read = { job: "readShape", args: ["a.png"] };
    expect(made).toEqual({ first: read, second: [{ job: "inspectFile", args: ["b.png", 1] }, read], third: 3 });
  });

  it("leaves values as they are in which nothing is to be made", async () => {
    const floats = new Float32Array(2);
    const settled = await settle({ floats, bytes: null, word: "later" }, () => 0);
    expect(settled).toEqual({ floats, bytes: null, word: "later" });
    expect((settled as { floats: unknown }).floats).toBe(floats);
  });

  it("takes a part of what a job makes, and says where there is none", async () => {
    const whole = later("readShape", "a.png");
    const wish = { later: { whole, part: "width" } } as const;
    expect(await settle(wish, () => ({ width: 7 }))).toBe(7);
    await expect(settle(wish, () => 7)).rejects.toThrow("no width in number");
  });
});
