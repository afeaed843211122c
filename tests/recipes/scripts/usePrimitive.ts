import * as tf from "@tensorflow/tfjs-core";

import { checkGradient } from "#main/compute/layers/gradientCheck.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { batchNorm } from "#main/compute/layers/batchNorm.ts";
import type { Value } from "#main/compute/layers/tape.ts";
import { runPrimitive } from "#main/compute/ops/runPrimitive.ts";
import { runSearch } from "#main/compute/search/searchLoop.ts";
import { runTraining } from "#main/compute/train/trainLoop.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { specOf } from "#shared/space/cells/primitives.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { primitiveParameters } from "#shared/space/graph/primitiveParameters.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { buildNetworkGraph, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { runSmallJob } from "./smallJob.ts";

const CHANNELS = 2;

/** Counts and differentiates the toy primitive, searches a step with it among others, and trains a step of a network of it. */
await runSmallJob(async ({ context, events, folder }) => {
  const { primitives } = searchConfigSchema.parse({
    space: { primitives: ["sep_conv_7x7", "skip_connect", "none"] },
  }).space;
  const spec = specOf(primitives[0]!);
  if (spec.kind !== "computed") throw new Error("toy: the primitive must compute something");
  const parameters = primitiveParameters(spec, CHANNELS);
  const inputs = [[1, 9, 9, CHANNELS], ...parameters.map(({ edgeShape }) => [...edgeShape])].map((shape, index) =>
    tf.randomNormal(shape, 0, 0.3, "float32", index + 1),
  );
  const gradientError = checkGradient(context.engine.kernels, inputs, (tape, [state, ...filters]) =>
    runPrimitive(spec, {
      tape,
      activated: leakyRelu(tape, state as Value),
      channels: CHANNELS,
      offsetLimitPx: 2,
      parameter: (name) => filters[parameters.findIndex((each) => each.name === name)] as Value<tf.Tensor> & Value,
      normaliseAndActivate: (x) => batchNorm(tape, x, { activate: true }),
    }),
  );
  tf.dispose(inputs);

  const search = searchConfigSchema.parse({
    noise: { kind: "gaussian", sigma255: 30 },
    space: { layers: 1, nodes: 1, filters: 4, widthFactors: [1], primitives },
    search: { epochs: 1, warmupEpochs: 0, batchSize: 2, patchSize: 16 },
  });
  const searched = await runSearch(context, { config: search, folder, resume: false });

  const edges = (["s0", "s1"] as const).map((from) => ({ from, primitive: primitives[0] }));
  const genotype = parseAnyGenotype(
    { schema: "hinas.genotype", version: 1, widthFactors: [1], widthPath: [0], cells: [{ nodes: [edges] }] },
    "toy",
  );
  const training = { steps: 1, batchSize: 1, patchSize: 16 };
  const train = trainConfigSchema.parse({ network: { filters: CHANNELS }, training });
  const trained = await runTraining(context, { config: train, genotype, folder, resume: false });

  const cost = networkCost(buildNetworkGraph(planNetwork(genotype, { filters: CHANNELS })));
  return {
    gradientError,
    outcomes: [searched, trained].map(({ kind, step }) => ({ kind, step })),
    archLosses: events.flatMap((event) => (event.type === "step" ? (event.archLoss ?? []) : [])).length,
    layer: cost.parts.find(({ name }) => name === "layer_0"),
    receptiveFieldPx: cost.receptiveFieldPx,
  };
});
