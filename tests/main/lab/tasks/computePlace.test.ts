import { describe, expect, it } from "vitest";

import { choosePlace, describePlace, type Sharing, toPlaceEnvironment } from "#main/lab/tasks/computePlace.ts";

const choose = (processes: number, sharing: Partial<Sharing> = {}) =>
  Array.from({ length: processes }, (_, index) =>
    choosePlace(index, { processes, device: "auto", cards: 0, threads: 8, ...sharing }),
  );

describe("what several processes compute on", () => {
  it("is everything for one alone, whatever cards there are", () => {
    expect(choose(1, { cards: 2 })).toEqual([{ device: "auto", threads: null, isCardShared: false }]);
  });

  it("is a card each, and an equal part of the threads", () => {
    expect(choose(2, { cards: 2 })).toEqual([
      { device: "gpu:0", threads: 4, isCardShared: false },
      { device: "gpu:1", threads: 4, isCardShared: false },
    ]);
  });

  it("is a card in turn where there are fewer, which then nobody takes whole", () => {
    const places = choose(3, { cards: 2 });
    expect(places.map(({ device }) => device)).toEqual(["gpu:0", "gpu:1", "gpu:0"]);
    expect(toPlaceEnvironment(places[0]!, {})).toEqual({
      TF_NUM_INTRAOP_THREADS: "2",
      TF_FORCE_GPU_ALLOW_GROWTH: "true",
    });
  });

  it("is what the person chose, where that is a device", () => {
    expect(choose(2, { device: "gpu:1", cards: 2 }).map(({ device }) => device)).toEqual(["gpu:1", "gpu:1"]);
    expect(choose(2, { device: "cpu", cards: 2 })).toEqual(
      Array.from({ length: 2 }, () => ({ device: "cpu", threads: 4, isCardShared: false })),
    );
  });

  it("is at least a thread, and no other number than the one that a person has set", () => {
    const [place] = choose(16);
    expect(place!.threads).toBe(1);
    expect(describePlace(place!)).toBe("auto, 1 thread");
    expect(toPlaceEnvironment(place!, { TF_NUM_INTRAOP_THREADS: "3" })).toEqual({ TF_NUM_INTRAOP_THREADS: "3" });
  });
});
