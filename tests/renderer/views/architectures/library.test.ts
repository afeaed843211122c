import { describe, expect, it } from "vitest";

import type { Architecture, ArchitectureOrigin } from "#shared/api/architectures.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { tryEdit } from "#renderer/views/architectures/editDraft.ts";
import { listArchitectures } from "#renderer/views/architectures/listing.ts";
import { scoreOf, toOriginText, toPathText, toScoreText } from "#renderer/views/architectures/originText.ts";

const genotype: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 1.5, 2],
  widthPath: [0, 1],
  cells: [0, 1].map(() => ({
    nodes: [
      [
        { from: "s0", primitive: "conv_3x3" },
        { from: "s1", primitive: "skip_connect" },
      ],
      [
        { from: "s0", primitive: "conv_3x3" },
        { from: "node_0", primitive: "skip_connect" },
      ],
    ],
  })),
};

const derived: ArchitectureOrigin = { kind: "derived", runId: "R", runName: "Night shots", epoch: 12 };

function build(hash: string, changes: Partial<Architecture>): Architecture {
  return {
    hash,
    name: `Architecture ${hash}`,
    genotype,
    origin: derived,
    addedAt: "2026-11-20T10:00:00.000Z",
    filters: 20,
    parameters: 1000,
    multiplyAddsPerPixel: 900,
    memoryBytesPerPixel: 200,
    receptiveFieldPx: 21,
    trainings: [],
    ...changes,
  };
}

describe("the library", () => {
  const all = [
    build("aaaaaaaa", { addedAt: "2026-11-20T10:00:00.000Z", parameters: 300, receptiveFieldPx: 17 }),
    build("bbbbbbbb", {
      memoryBytesPerPixel: 100,
      addedAt: "2026-11-22T10:00:00.000Z",
      parameters: 100,
      receptiveFieldPx: 25,
    }),
    build("cccccccc", {
      addedAt: "2026-11-21T10:00:00.000Z",
      parameters: 200,
      receptiveFieldPx: 41,
      origin: { kind: "imported", source: "paper.json" },
    }),
  ];
  const hashesBy = (wanted: string, order: Parameters<typeof listArchitectures>[2]) =>
    listArchitectures(all, wanted, order).map(({ hash }) => hash[0]);

  it("is ordered by age, size or receptive field", () => {
    expect(hashesBy("", "newest")).toEqual(["b", "c", "a"]);
    expect(hashesBy("", "parameters")).toEqual(["b", "c", "a"]);
    expect(hashesBy("", "field")).toEqual(["c", "b", "a"]);
  });

  it("is ordered by what searches thought, those without a validation last, or by memory", () => {
    const scored = [28, 30, null].map((psnrDb, index) =>
      build("abc"[index] ?? "", { origin: { ...derived, searchScore: { score: 1, psnrDb } } }),
    );
    expect(listArchitectures(scored, "", "score").map(({ hash }) => hash)).toEqual(["b", "a", "c"]);
    expect(hashesBy("", "memory")).toEqual(["b", "a", "c"]);
  });

  it("writes a search's PSNR where it validated, else its score", () => {
    expect(toScoreText({ score: 1.2, psnrDb: 28.534 })).toBe("28.53 dB");
    expect(toScoreText({ score: 0.51, psnrDb: null })).toBe("0.5100");
    expect(toScoreText(scoreOf({ kind: "imported", source: "paper.json" }))).toBe("–");
  });

  it("is filtered by name, hash and where things come from, whatever the case", () => {
    expect(hashesBy("BBBB", "newest")).toEqual(["b"]);
    expect(hashesBy("paper", "newest")).toEqual(["c"]);
    expect(hashesBy(" night ", "newest")).toEqual(["b", "a"]);
    expect(hashesBy("nothing of the kind", "newest")).toEqual([]);
  });

  it("says where an architecture came from and how wide its layers are", () => {
    expect(toOriginText(derived)).toBe("epoch 12 of Night shots");
    expect(toOriginText({ kind: "imported", source: "paper.json" })).toBe("from paper.json");
    expect(toOriginText({ kind: "edited", parent: "aaaaaaaa", change: "layer 0 wider" })).toBe("layer 0 wider");
    expect(toPathText(genotype)).toBe("×1 → ×1.5");
  });
});

describe("an edit that is tried", () => {
  const edge = { kind: "edge", layer: 0, node: 0, edge: 0, from: "s0", primitive: "conv_3x3" } as const;

  it("is unchanged where it names what is there", () => {
    expect(tryEdit(genotype, edge, 20)).toEqual({ kind: "unchanged" });
    expect(tryEdit(genotype, { kind: "width", layer: 1, level: 1 }, 20)).toEqual({ kind: "unchanged" });
  });

  it("tells what it costs more, by the same count as the whole network's", () => {
    const outcome = tryEdit(genotype, { ...edge, primitive: "dil_conv_5x5" }, 20);
    if (outcome.kind !== "possible") throw new Error(`must be possible, got ${outcome.kind}`);
    // A 5x5 instead of a 3x3 kernel between 20 and 20 channels; its reach is 4 instead of 1 on each side.
    expect(outcome.parametersMore).toBe((25 - 9) * 20 * 20);
    expect(outcome.receptiveFieldMorePx).toBe(6);
    const [before, after] = [genotype, outcome.genotype].map((each) =>
      networkCost(buildNetworkGraph(planNetwork(each, { filters: 20 }))),
    );
    expect(outcome.parametersMore).toBe(after!.parameters - before!.parameters);
  });

  it("is impossible with the lab's own reason where a node would read one state twice, or a width would jump", () => {
    expect(tryEdit(genotype, { ...edge, from: "s1" }, 20)).toMatchObject({
      kind: "impossible",
      reason: expect.stringContaining("twice"),
    });
    expect(tryEdit(genotype, { kind: "width", layer: 0, level: 2 }, 20)).toMatchObject({
      kind: "impossible",
      reason: expect.stringContaining("one level away"),
    });
  });
});
