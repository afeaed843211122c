import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { drawArchitecture } from "#shared/space/drawing/drawArchitecture.ts";
import { makeChain } from "#shared/space/spaces/chain/genotype.ts";
import { makeMotifs, type Motif } from "#shared/space/spaces/motifs/genotype.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";

import { anyGenotypes } from "#tests/shared/space/arbitraries.ts";

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

describe("the drawing of an architecture", () => {
  it("names the genotype, is drawable, and is the same each time, whatever the space", async () => {
    await fc.assert(
      fc.asyncProperty(anyGenotypes, async (genotype) => {
        const svg = drawArchitecture(genotype, { title: "Found", theme: "dark" });
        expect(svg).toContain(`genotype ${genotypeHash(genotype)}`);
        expect(svg).toBe(drawArchitecture(genotype, { title: "Found", theme: "dark" }));
        const { format } = await sharp(Buffer.from(svg)).metadata();
        expect(format).toBe("svg");
      }),
      { numRuns: 20 },
    );
  });

  it("shows each layer of a chain with width and dilation, and a curve for each skip", () => {
    const genotype = makeChain(
      [1, 2],
      [
        { primitive: "conv_3x3", widthLevel: 0, dilation: 1, skipFrom: "stem" },
        { primitive: "sep_conv_3x3", widthLevel: 1, dilation: 4, skipFrom: null },
      ],
    );
    const svg = drawArchitecture(genotype, { title: "Found", theme: "light" });
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(["conv_3x3", "width ×1", "sep_conv_3x3", "width ×2, dilation 4", "stem", "noise"]),
    );
    expect([...svg.matchAll(/<path d="M[^"]*C/g)]).toHaveLength(1);
  });

  it("shows the motifs of a hierarchy, the cell first, with their ops and how often each is used", () => {
    const line: Motif = { nodes: 2, edges: [{ from: 0, to: 1, op: "dil_conv_3x3" }] };
    const cell: Motif = {
      nodes: 3,
      edges: [
        { from: 0, to: 1, op: "motif_0" },
        { from: 1, to: 2, op: "motif_0" },
      ],
    };
    const svg = drawArchitecture(makeMotifs(2, [[line], [cell]]), { title: "Found", theme: "light" });
    const texts = textsOf(svg);
    expect(texts.indexOf("Cell")).toBeLessThan(texts.indexOf("level 2, used 2 times"));
    expect(texts).toEqual(expect.arrayContaining(["dil_conv_3x3", "motif_0", "level 3"]));
    expect(texts.join(" ")).toContain("2 cells of 2 edges in 3 levels");
  });
});
