import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";

import { assertNever } from "#shared/assertNever.ts";
import { type Primitive, specOf } from "#shared/space/cells/primitives.ts";

import type { NetworkGraph } from "./networkGraph.ts";
import type { PricedConvolution, Prices } from "./prices.ts";

/** How long parts of networks take on one device by one engine, for a picture of a side; batch norms are folded. */
export const latencyTableSchema = z.strictObject({
  schema: z.literal("hinas.latency"),
  version: z.literal(1),
  device: z.string().min(1),
  engine: z.string().min(1),
  sidePx: z.int().positive(),
  rows: z.record(z.string(), z.number().min(0)).describe("Milliseconds by what takes them."),
});
export type LatencyTable = Readonly<z.infer<typeof latencyTableSchema>>;

/** Something whose latency a search space asks for. */
export type LatencyRequest =
  | { readonly kind: "op"; readonly primitive: Primitive; readonly channels: number; readonly scale: number }
  | ({ readonly kind: "convolution" } & PricedConvolution)
  | { readonly kind: "network"; readonly graph: NetworkGraph };

/** Names the row of a request: `dil_conv_3x3 15 @1` (channels, scale), `convolution 1x1 40>15 @1`, `network 3f2a9c01`. */
export function nameRow(request: LatencyRequest): string {
  switch (request.kind) {
    case "op":
      return `${request.primitive} ${request.channels} @${request.scale}`;
    case "convolution": {
      const { side, input, output, scale } = request;
      return `convolution ${side}x${side} ${input}>${output} @${scale}`;
    }
    case "network":
      return `network ${bytesToHex(sha256(utf8ToBytes(JSON.stringify(request.graph)))).slice(0, 8)}`;
    default:
      return assertNever(request);
  }
}

/** Lists what somebody who works with prices asks for, each once. */
export function listRequests(work: (prices: Prices) => unknown): readonly LatencyRequest[] {
  const requests = new Map<string, LatencyRequest>();
  work(
    pricesBy((request) => {
      requests.set(nameRow(request), request);
      return 0;
    }),
  );
  return [...requests.values()];
}

/** Gives the latencies of a table as prices in milliseconds. What is asked for must be in it. */
export function latencyPrices({ rows, device }: LatencyTable): Prices {
  return pricesBy((request) => {
    const name = nameRow(request);
    const ms = rows[name];
    if (ms === undefined) throw new Error(`latency: the table of ${device} must have a row "${name}"`);
    return ms;
  });
}

/** Skip connections and `none` are not measured: what adds the states up is part of every network. */
function pricesBy(msOf: (request: LatencyRequest) => number): Prices {
  return {
    op: (primitive, channels, scale) =>
      specOf(primitive).kind === "computed" ? msOf({ kind: "op", primitive, channels, scale }) : 0,
    convolution: (convolution) => msOf({ kind: "convolution", ...convolution }),
    network: (graph) => msOf({ kind: "network", graph }),
  };
}
