import { describe, expect, it } from "vitest";

import { nextOfBracket, nextPromotion } from "#main/compute/search/candidates/nextTraining.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import { asynchronousHalvingSchema, successiveHalvingSchema } from "#shared/runs/estimatorSchema.ts";
import { countHalvingSteps, listRungs } from "#shared/runs/halving.ts";

const LADDER = { rungs: 3, factor: 2 };

/** A score for each entry on each rung: noisy on the low ones. */
function scoreOf(entry: number, rung: number): number {
  return (entry % 7) + createRandom(3, "score", entry, rung).gaussian() / (rung + 1);
}

describe("successive halving", () => {
  it("trains all of a bracket, then the best half of them, then the best quarter, by hand", () => {
    const bracket: number[][] = [[], [], [], [], []];
    const order: string[] = [];
    const first = [0.3, 0.9, 0.1, 0.9, 0.5];
    const second = new Map([
      [1, 0.2],
      [3, 0.7],
    ]);
    for (let next = nextOfBracket(bracket, LADDER); next !== null; next = nextOfBracket(bracket, LADDER)) {
      const { entry, rung } = next;
      order.push(`${entry} on ${rung}`);
      bracket[entry]!.push(rung === 0 ? first[entry]! : (second.get(entry) ?? NaN));
    }
    // Of five two go on, and of those one.
    expect(order).toEqual(["0 on 0", "1 on 0", "2 on 0", "3 on 0", "4 on 0", "1 on 1", "3 on 1", "3 on 2"]);
  });

  it("trains so many steps as are counted before, with a last bracket that is smaller", () => {
    const settings = successiveHalvingSchema.parse({ kind: "successive_halving", steps: 90, bracket: 9 });
    const trained = [9, 9, 4].map((size) => {
      const bracket = Array.from({ length: size }, (): number[] => []);
      let steps = 0;
      for (let next = nextOfBracket(bracket, settings); next !== null; next = nextOfBracket(bracket, settings)) {
        bracket[next.entry]!.push(scoreOf(next.entry, next.rung));
        steps += [10, 30, 90][next.rung]!;
      }
      return steps;
    });
    expect(trained).toEqual([9 * 10 + 3 * 30 + 90, 9 * 10 + 3 * 30 + 90, 4 * 10 + 30]);
    expect(countHalvingSteps(settings, 22)).toBe(trained.reduce((sum, steps) => sum + steps, 0));
  });
});

describe("asynchronous halving", () => {
  it("promotes whoever is among the first half of a rung, from the highest rung down, and else begins a new one", () => {
    expect(nextPromotion([], LADDER)).toBeNull();
    expect(nextPromotion([[0.5]], LADDER)).toBeNull();
    expect(nextPromotion([[0.5], [0.4]], LADDER)).toEqual({ entry: 0, rung: 1 });
    expect(nextPromotion([[0.5, 0.6], [0.4], [0.7], [0.1]], LADDER)).toEqual({ entry: 2, rung: 1 });
    expect(nextPromotion([[0.5, 0.6], [0.4], [0.7, 0.9], [0.1]], LADDER)).toEqual({ entry: 2, rung: 2 });
    expect(nextPromotion([[0.5, 0.6], [0.4], [0.7, 0.9, 0.9], [0.1]], LADDER)).toBeNull();
  });

  it("agrees with a naive reading of the published algorithm over a long run", () => {
    const entries: number[][] = [];
    const naive: { entry: number; rung: number; score: number }[] = [];
    const promoted = new Set<string>();
    for (let trial = 0; trial < 200; trial++) {
      const next = nextPromotion(entries, LADDER) ?? { entry: entries.length, rung: 0 };
      let wanted = { entry: new Set(naive.map(({ entry }) => entry)).size, rung: 0 };
      for (const rung of [0, 1]) {
        const on = naive.filter((each) => each.rung === rung).toSorted((a, b) => b.score - a.score);
        const best = on.slice(0, Math.floor(on.length / 2));
        const found = best.find(({ entry }) => !promoted.has(`${entry} from ${rung}`));
        if (found !== undefined) wanted = { entry: found.entry, rung: rung + 1 };
      }
      expect(next).toEqual(wanted);
      if (next.rung > 0) promoted.add(`${next.entry} from ${next.rung - 1}`);
      const score = scoreOf(next.entry, next.rung);
      naive.push({ ...next, score });
      (entries[next.entry] ??= []).push(score);
    }
    expect(new Set(naive.map(({ rung }) => rung))).toEqual(new Set([0, 1, 2]));
  });
});

describe("the rungs of a halving", () => {
  it("give less of what is chosen, down from the settings or from all there is", () => {
    const kind = "asynchronous_halving";
    const full = { filters: 18, photos: 40 };
    expect(listRungs(asynchronousHalvingSchema.parse({ kind, steps: 100 }), full)).toEqual([
      { steps: 11, filters: 18, maxPhotos: 40, fidelity: 1 / 9 },
      { steps: 33, filters: 18, maxPhotos: 40, fidelity: 1 / 3 },
      { steps: 100, filters: 18, maxPhotos: 40, fidelity: 1 },
    ]);
    const settings = { kind, rungs: 2, factor: 4, fidelities: ["photos", "filters"], steps: 100, filters: 8 };
    expect(listRungs(asynchronousHalvingSchema.parse(settings), full)).toEqual([
      { steps: 100, filters: 2, maxPhotos: 10, fidelity: 0.25 },
      { steps: 100, filters: 8, maxPhotos: 40, fidelity: 1 },
    ]);
    expect(countHalvingSteps(asynchronousHalvingSchema.parse({ kind, steps: 100 }), 20)).toBe(20 * 11 + 6 * 33 + 200);
  });
});
