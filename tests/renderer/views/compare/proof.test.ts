import { describe, expect, it } from "vitest";

import { countAgreeingPairs } from "#renderer/views/compare/proof/proofFigures.ts";
import {
  beginStrengths,
  fitsSheet,
  readStrengths,
  shuffleProofs,
  toggleRank,
} from "#renderer/views/compare/proof/proofOrder.ts";

describe("a proof sheet", () => {
  it("begins with as many strengths as there is room for, whatever the number of networks", () => {
    expect([1, 2, 3, 4, 6].map(beginStrengths)).toEqual(["50, 60, 70, 80, 90, 100", "60, 80, 100", "80, 100", "100", "100"]); // prettier-ignore
    for (const networks of [1, 2, 3, 4, 5, 6]) {
      const strengths = readStrengths(beginStrengths(networks));
      expect(fitsSheet(networks, strengths?.length ?? 0)).toBe(true);
    }
  });

  it("takes strengths in percent, and nothing else", () => {
    expect(readStrengths("50, 75% 100")).toEqual([0.5, 0.75, 1]);
    for (const wrong of ["", "50, 50", "120", "-1", "half"]) expect(readStrengths(wrong)).toBeNull();
    expect([fitsSheet(1, 1), fitsSheet(2, 3), fitsSheet(3, 3)]).toEqual([false, true, false]);
  });

  it("has every network at every strength once, in an order that its seed decides", () => {
    const proofs = shuffleProofs(["A", "B"], [0.5, 1], 7);
    const toText = (of: typeof proofs) => of.map(({ model, strength }) => `${model} ${strength}`);
    expect(toText(proofs).toSorted()).toEqual(["A 0.5", "A 1", "B 0.5", "B 1"]);
    expect(shuffleProofs(["A", "B"], [0.5, 1], 7)).toEqual(proofs);
    const orders = new Set(
      Array.from({ length: 40 }, (_, seed) => toText(shuffleProofs(["A", "B"], [0.5, 1], seed)).join()),
    );
    expect(orders.size).toBeGreaterThan(10);
  });

  it("ranks pictures in the order in which they are pressed, and takes a rank back", () => {
    const order = [2, 0, 2, 1, 2].reduce<readonly number[]>(toggleRank, []);
    expect(order).toEqual([0, 1, 2]);
  });

  it("counts the pairs that PSNR orders alike, where there is one", () => {
    const proof = (rank: number, psnrDb: number | null) => ({
      model: "A",
      name: "A",
      genotypeHash: "c0181bc9",
      strength: rank / 10,
      rank,
      psnrDb,
    });
    expect(countAgreeingPairs({ proofs: [proof(1, 30), proof(3, 31), proof(2, 29)] })).toEqual({
      agreeing: 1,
      pairs: 3,
    });
    expect(countAgreeingPairs({ proofs: [proof(1, null), proof(2, null)] })).toBeNull();
  });
});
