import { runSearch } from "#main/compute/search/searchLoop.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { runSmallJob } from "./smallJob.ts";

/** Searches by the toy strategy for two epochs. */
await runSmallJob(async ({ context, events, folder }) => {
  const config = searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    space: {
      layers: 2,
      nodes: 1,
      filters: 4,
      widthFactors: [1, 1.5],
      primitives: ["conv_3x3", "skip_connect", "none"],
    },
    search: { epochs: 2, batchSize: 1, patchSize: 16, strategy: { kind: "random_walk" } },
  });
  const { kind, step } = await runSearch(context, { config, folder, resume: false });
  return {
    outcome: { kind, step },
    candidates: events.flatMap((event) =>
      event.type === "candidate" ? [{ step: event.step, strategy: event.strategy }] : [],
    ),
    alphas: events.flatMap((event) => (event.type === "arch" ? [event.arch.alpha[0]?.[0]?.[0]] : [])),
  };
});
