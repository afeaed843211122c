import { z } from "zod";

import { searchConfigSchema } from "#shared/runs/config.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import type { Primitive } from "#shared/space/cells/primitives.ts";

/** Settings of `search`, and the one of the space. */
interface Settings {
  readonly partialChannels?: number;
  readonly [setting: string]: unknown;
}

/** Settings by the name of the method in tables; weights of terms beside a denoising loss, not beside a cross-entropy. */
export const METHODS: Readonly<Record<string, Settings>> = {
  plain: {},
  second_order: { order: "second" },
  extra_skip: { stabilisers: { auxiliarySkip: { kind: "linear" } } },
  beta_decay: { stabilisers: { betaDecay: 1 } },
  sigmoid: { stabilisers: { opWeights: { kind: "sigmoid", zeroOneWeight: 0.1 } } },
  random_perturbation: { stabilisers: { perturbation: { kind: "random" } } },
  adversarial_perturbation: { stabilisers: { perturbation: { kind: "adversarial" } } },
  dropping: { stabilisers: { dropTo: [3, 2] } },
  partial_channels: { stabilisers: { edgeNormalisation: true }, partialChannels: 2 },
  choice: { stabilisers: { choice: { kind: "perturbation", tuneEpochs: 1 } } },
};

/** A search of minutes in a small space with the primitive that no network needs. Arch steps are larger, as they are few. */
export function configOfStudy(method: string, seed: number): SearchConfig {
  const settings = METHODS[method];
  if (settings === undefined)
    throw new Error(`collapse: method must be one of ${Object.keys(METHODS).join(", ")}, got ${method}`);
  const { partialChannels = 1, ...search } = settings;
  return searchConfigSchema.parse({
    seed,
    noise: { kind: "gaussian", sigma255: 30 },
    space: {
      layers: 2,
      nodes: 2,
      filters: 4,
      widthFactors: [1, 1.5],
      partialChannels,
      primitives: ["conv_3x3", "sep_conv_3x3", "skip_connect", "noise", "none"],
    },
    search: {
      epochs: 30,
      warmupEpochs: 5,
      batchSize: 4,
      patchSize: 32,
      validateFromEpoch: 30,
      checkpointEverySteps: 20,
      arch: { learningRate: 0.01 },
      weights: { learningRate: 0.4, cosineHalfPeriodEpochs: 15 },
      ...search,
    },
  });
}

/** What one search came to. */
export const outcomeSchema = z.object({
  method: z.string(),
  seed: z.number(),
  /** Shares of the kept edges, 0..1. */
  noise: z.number(),
  skips: z.number(),
  /** Of the supernet, on the validation photos. */
  psnrDb: z.number(),
  seconds: z.number(),
});
export type Outcome = Readonly<z.infer<typeof outcomeSchema>>;

/** The share of kept edges that hold a primitive, 0..1. */
export function shareOf({ cells }: Genotype, wanted: Primitive): number {
  const edges = cells.flatMap(({ nodes }) => nodes.flat());
  return edges.filter(({ primitive }) => primitive === wanted).length / edges.length;
}

/** Writes a table of means and standard deviations, a line per method. */
export function toTable(outcomes: readonly Outcome[]): string {
  const methods = Object.keys(METHODS).filter((method) => outcomes.some((outcome) => outcome.method === method));
  const rows = methods.map((method) => {
    const own = outcomes.filter((outcome) => outcome.method === method);
    const percent = (values: readonly number[]): string =>
      spread(
        values.map((value) => 100 * value),
        0,
      );
    const cells = [
      method,
      String(own.length),
      percent(own.map(({ noise }) => noise)),
      percent(own.map(({ skips }) => skips)),
      spread(
        own.map(({ psnrDb }) => psnrDb),
        2,
      ),
      spread(
        own.map(({ seconds }) => seconds),
        0,
      ),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| method | seeds | noise, % | skips, % | PSNR, dB | seconds |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function spread(values: readonly number[], digits: number): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return mean.toFixed(digits);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`;
}
