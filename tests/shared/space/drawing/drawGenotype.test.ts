import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { drawGenotype } from "#shared/space/drawing/drawGenotype.ts";
import { PRIMITIVE_COLOURS } from "#shared/space/drawing/primitiveColours.ts";
import { THEMES } from "#shared/space/drawing/theme.ts";
import type { StateName } from "#shared/space/cells/cellGraph.ts";
import type { Genotype, GenotypeEdge } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";

const edge = (from: StateName, primitive: Primitive): GenotypeEdge => ({ from, primitive });

const genotype: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 1.5, 2],
  widthPath: [0, 1, 1],
  cells: [
    {
      nodes: [
        [edge("s1", "conv_3x3"), edge("s0", "skip_connect")],
        [edge("node_0", "sep_conv_3x3"), edge("s1", "conv_3x3")],
      ],
    },
    {
      nodes: [
        [edge("s0", "dil_conv_3x3"), edge("s1", "dil_conv_5x5")],
        [edge("s0", "dil_conv_3x3"), edge("s1", "conv_3x3")],
      ],
    },
    {
      nodes: [
        [edge("s0", "conv_3x3"), edge("s1", "conv_3x3")],
        [edge("s0", "conv_3x3"), edge("node_0", "conv_3x3")],
      ],
    },
  ],
};
const drawing = drawGenotype(genotype, { title: "Found", theme: "light" });

/** What a drawing says, text by text in the order of the document. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

/** Contrast of two colours by the formula of the web accessibility guidelines, 1..21. */
function contrast(first: string, second: string): number {
  const [dark = 0, light = 0] = [first, second].map(luminance).toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("drawing of a genotype", () => {
  it("is an SVG document that renders at the size it states", async () => {
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(drawing) ?? [];
    const picture = await sharp(Buffer.from(drawing)).metadata();
    expect([picture.width, picture.height]).toEqual([Number(width), Number(height)]);
  });

  it("names the primitive of every kept edge, and each used primitive once more in the legend", () => {
    const texts = textsOf(drawing);
    const count = (name: Primitive): number => texts.filter((text) => text === name).length;
    expect([count("conv_3x3"), count("dil_conv_3x3"), count("dil_conv_5x5"), count("sep_conv_5x5")]).toEqual([
      7 + 1,
      2 + 1,
      1 + 1,
      0,
    ]);
  });

  it("labels the inputs as the forward pass feeds them: s1 is the layer before the previous one", () => {
    const texts = textsOf(drawing);
    const sources = texts.flatMap((text, index) => (/^s[01]$/.test(text) ? [`${text} ${texts[index + 1] ?? ""}`] : []));
    expect(sources).toEqual(["s1 stem 1", "s0 stem 2", "s1 stem 2", "s0 layer 0", "s1 layer 0", "s0 layer 1"]);
  });

  it("marks one width level of the stem and of every layer, and the layer that the decoder also reads", () => {
    const marked = drawing.match(new RegExp(`<circle[^>]*fill="${THEMES.light.accent}"`, "g"));
    expect(marked).toHaveLength(1 + 3);
    expect(textsOf(drawing)).toContain("width \u00d71, also read by the decoder's skip branch");
  });

  it("shows a U place by place: widths, scales, and the stream that cells read", () => {
    const u: Genotype = { ...genotype, schema: "hinas.scales", widthPath: [0, 2, 1] };
    const texts = textsOf(drawGenotype(u, { title: "Found", theme: "light" }));
    expect(texts).toEqual(expect.arrayContaining(["scale 1", "scale 1/2", "×1", "×2", "×1.5"]));
    expect(texts).toEqual(expect.arrayContaining(["Place 0", "down, 1, width \u00d71", "bottom, 1/2, width \u00d72"]));
    const sources = texts.flatMap((text, index) => (/^s[01]$/.test(text) ? [`${text} ${texts[index + 1] ?? ""}`] : []));
    expect(sources).toEqual(["s1 stream", "s0 stream", "s1 stream", "s0 stream", "s1 place 0", "s0 stream"]);
    expect(texts.join(" ")).not.toContain("decoder");
  });

  it("shows any title as text and nothing else", async () => {
    const svg = drawGenotype(genotype, { title: `</text><script>"a" & b\u0000`, theme: "dark" });
    expect(svg).toContain("&lt;/text&gt;&lt;script&gt;&quot;a&quot; &amp; b<");
    expect(svg).not.toContain("<script>");
    expect((await sharp(Buffer.from(svg)).metadata()).format).toBe("svg");
  });

  it("cuts a title that is wider than the figure", () => {
    const title = "a long title ".repeat(40);
    const [heading = ""] = textsOf(drawGenotype(genotype, { title, theme: "light" }));
    expect(heading).toMatch(/^a long title .*\u2026$/);
    expect(heading.length).toBeLessThan(120);
  });

  it("is the same text every time", () => {
    expect(drawGenotype(genotype, { title: "Found", theme: "light" })).toBe(drawing);
  });

  it.each(["light", "dark"] as const)("keeps text and lines readable in the %s theme", (name) => {
    const { card, page, text, faintText } = THEMES[name];
    for (const background of [card, page]) {
      expect(contrast(text, background)).toBeGreaterThan(7);
      expect(contrast(faintText, background)).toBeGreaterThan(4.5);
      for (const colour of Object.values(PRIMITIVE_COLOURS[name])) {
        expect(contrast(colour, background)).toBeGreaterThan(3);
      }
    }
    const colours = Object.values(PRIMITIVE_COLOURS[name]);
    expect(new Set(colours).size).toBe(colours.length);
  });
});
