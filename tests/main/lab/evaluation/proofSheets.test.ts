import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { type ProofSheetWish, proofSheetWishSchema } from "#shared/api/proofSheets.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

function proof(name: string, rank: number): ProofSheetWish["proofs"][number] {
  return { model: name, name, genotypeHash: "c0181bc9", strength: 1, rank, psnrDb: 30 };
}

const WISH: ProofSheetWish = {
  dataset: "sample",
  photo: "a.png",
  area: { x: 1, y: 2, width: 30, height: 20 },
  sigma255: 25,
  proofs: [proof("B", 2), proof("A", 1)],
};

describe("ranked proof sheets", () => {
  it("are kept in the home, best picture first, and listed newest first", async () => {
    const home = await makeFolder();
    const { lab } = openLab(home);
    const first = await lab.keepProofSheet(WISH);
    const second = await lab.keepProofSheet({ ...WISH, photo: "b.png" });
    expect(first.proofs.map(({ name }) => name)).toEqual(["A", "B"]);
    await writeFile(join(home, "proof-sheets", "proof-01BROKEN.json"), "{");
    const { lab: next } = openLab(home);
    expect(new Set((await next.listProofSheets()).map(({ id }) => id))).toEqual(new Set([first.id, second.id]));
    await next.removeProofSheet(first.id);
    expect(await next.listProofSheets()).toEqual([second]);
    await expect(next.removeProofSheet("../lab")).rejects.toThrow("proof sheet: must be a kept one, got ../lab");
  });

  it("need different ranks and two pictures at least", () => {
    const wrong = [[proof("A", 1)], [proof("A", 1), proof("B", 1)]];
    for (const proofs of wrong) expect(proofSheetWishSchema.safeParse({ ...WISH, proofs }).success).toBe(false);
  });
});
