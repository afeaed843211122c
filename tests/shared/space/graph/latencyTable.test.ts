import { describe, expect, it } from "vitest";

import {
  latencyPrices,
  type LatencyRequest,
  type LatencyTable,
  latencyTableSchema,
  listRequests,
  nameRow,
} from "#shared/space/graph/latencyTable.ts";
import { MULTIPLY_ADD_PRICES, type Prices } from "#shared/space/graph/prices.ts";
import { type CostTrellis, expectCost } from "#shared/space/spaces/costTrellis.ts";
import { costTrellisOf } from "#shared/space/spaces/costTrellises.ts";
import { type SearchSpace, searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";

import { drawArchWeights } from "#tests/main/compute/supernet/tinySupernet.ts";

const trellisBy = (space: SearchSpace, prices: Prices): CostTrellis => costTrellisOf(space, prices);

function countOf(request: LatencyRequest): number {
  if (request.kind === "network") return MULTIPLY_ADD_PRICES.network(request.graph);
  if (request.kind === "convolution") return MULTIPLY_ADD_PRICES.convolution(request);
  return MULTIPLY_ADD_PRICES.op(request.primitive, request.channels, request.scale);
}

/** A computer on which everything takes as many milliseconds as it has multiply-adds. */
function evenTable(requests: readonly LatencyRequest[]): LatencyTable {
  const rows = Object.fromEntries(requests.map((request) => [nameRow(request), countOf(request)]));
  return { schema: "hinas.latency", version: 1, device: "a computer", engine: "an engine", sidePx: 256, rows };
}

describe("a table of latencies", () => {
  it.each([{}, { kind: "scales", layers: 5, unshuffle: 2 }])(
    "prices a space like the count of multiply-adds where the computer is that even, in %j",
    (settings) => {
      const space = searchSpaceSchema.parse({ nodes: 2, filters: 3, ...settings });
      const table = evenTable(listRequests((prices) => trellisBy(space, prices)));
      const weights = drawArchWeights(space);
      const byTable = expectCost(trellisBy(space, latencyPrices(table)), weights);
      expect(byTable).toEqual(expectCost(trellisBy(space, MULTIPLY_ADD_PRICES), weights));
    },
  );

  it("asks for each op at each width, and not for skips and none", () => {
    const space = searchSpaceSchema.parse({ layers: 3, nodes: 1, filters: 10, stemChannels: 8 });
    const names = listRequests((prices) => trellisBy(space, prices)).map(nameRow);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith("dil_conv_3x3"))).toEqual(
      [10, 15, 20].map((c) => `dil_conv_3x3 ${c} @1`),
    );
    expect(names.filter((name) => /skip|none/.test(name))).toEqual([]);
    expect(names).toContain("convolution 1x1 8>15 @1");
    expect(names.filter((name) => name.startsWith("network"))).toHaveLength(1);
  });

  it("says which row it lacks", () => {
    const prices = latencyPrices(evenTable([]));
    expect(() => prices.op("conv_3x3", 10, 1)).toThrow('the table of a computer must have a row "conv_3x3 10 @1"');
    expect(prices.op("skip_connect", 10, 1)).toBe(0);
  });

  it("is not read out of a file that is none", () => {
    expect(latencyTableSchema.safeParse({ ...evenTable([]), rows: { op: -1 } }).success).toBe(false);
    expect(latencyTableSchema.safeParse({ schema: "hinas.genotype", version: 1 }).success).toBe(false);
  });
});
