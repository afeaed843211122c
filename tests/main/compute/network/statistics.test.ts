import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";

import { startEngine } from "#main/compute/engine/engine.ts";
import { StatisticsCollector } from "#main/compute/network/statistics.ts";
import { graphNorms, graphStatistics } from "#shared/space/graph/graphParameters.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";

import { partsOf } from "#tests/helpers/parameterParts.ts";

import { SMALL_PLAN } from "./tinyNetwork.ts";

await startEngine();

describe("StatisticsCollector", () => {
  const graph = buildNetworkGraph(SMALL_PLAN);
  const statistics = graphStatistics(graph);
  const length = partsOf(statistics).at(-1)!.to;

  it("takes the old numbers of norms that did not run, and frees what it gathered", () => {
    const collector = new StatisticsCollector();
    const [first] = graphNorms(graph);
    const size = partsOf(statistics)[0]!.to;
    const told = [tf.fill<tf.Rank.R1>([size], 5), tf.fill<tf.Rank.R1>([size], 6)] as const;
    collector.add(first!.name, ...told);
    const fallback = tf.fill<tf.Rank.R1>([length], 7);
    const joined = collector.join(statistics, fallback);
    const expected = Array.from({ length }, (_, i) => (i < size ? 5 : i < 2 * size ? 6 : 7));
    expect([...joined.dataSync()]).toEqual(expected);
    expect(told.every(({ isDisposed }) => isDisposed)).toBe(true);
    tf.dispose([joined, fallback]);
  });
});
