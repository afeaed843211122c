import { z } from "zod";

const count = z.int().positive();
const rate = z.number().positive();

/** What every strategy has that asks for candidates one by one. */
const budget = { candidates: count.default(150).describe("How many architectures are scored in all.") };

export const randomSchema = z.strictObject({ kind: z.literal("random"), ...budget });

export const evolutionSchema = z.strictObject({
  kind: z.literal("evolution"),
  ...budget,
  population: count
    .default(30)
    .describe("Architectures that are alive: the newest so many, whatever their score. Published: 100."),
  sample: count.default(10).describe("Drawn from the population; the best of them is changed. Published: 25."),
});

export const tournamentSchema = z.strictObject({
  kind: z.literal("tournament"),
  ...budget,
  initial: count.default(30).describe("Random architectures to begin with; none ever dies. Published: 200."),
  share: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe("Share of all that were scored that takes part in a tournament, at least two. Published: 0.05."),
});

export const localSearchSchema = z.strictObject({ kind: z.literal("local_search"), ...budget });

export const reinforceSchema = z.strictObject({
  kind: z.literal("reinforce"),
  ...budget,
  learningRate: rate.default(0.01).describe("Of the controller's logits (Adam)."),
  baselineDecay: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .describe("Decay of the average score that a candidate is compared with."),
});

export const bayesianSchema = z.strictObject({
  kind: z.literal("bayesian"),
  ...budget,
  predictor: z
    .enum(["ensemble", "gaussian_process", "none"])
    .default("ensemble")
    .describe("What foretells scores: small networks (BANANAS), a Gaussian process, or nothing, as a control."),
  initial: z.int().min(2).default(10).describe("Random architectures before the first prediction."),
  batch: count.default(10).describe("Candidates that are taken from one prediction."),
  parents: count.default(10).describe("The best so many are changed to make what is chosen from."),
  pool: count.default(100).describe("Changed architectures that are chosen from."),
  networks: count.default(5).describe("Networks of an ensemble."),
  layers: count.default(10).describe("Hidden layers of each network of an ensemble."),
  width: count.default(20).describe("Neurons of a hidden layer."),
  learningRate: rate.default(0.01).describe("Of an ensemble's networks (Adam)."),
  epochs: count.default(150).describe("Passes of an ensemble's networks over what was scored."),
});

export type RandomSettings = Readonly<z.infer<typeof randomSchema>>;
export type EvolutionSettings = Readonly<z.infer<typeof evolutionSchema>>;
export type TournamentSettings = Readonly<z.infer<typeof tournamentSchema>>;
export type LocalSearchSettings = Readonly<z.infer<typeof localSearchSchema>>;
export type ReinforceSettings = Readonly<z.infer<typeof reinforceSchema>>;
export type BayesianSettings = Readonly<z.infer<typeof bayesianSchema>>;

/** The settings of a strategy that is asked for candidates and told their scores. */
export type CandidateSettings =
  RandomSettings | EvolutionSettings | TournamentSettings | LocalSearchSettings | ReinforceSettings | BayesianSettings;

const CANDIDATE_SCHEMAS = {
  random: randomSchema,
  evolution: evolutionSchema,
  tournament: tournamentSchema,
  local_search: localSearchSchema,
  reinforce: reinforceSchema,
  bayesian: bayesianSchema,
} as const satisfies { readonly [K in CandidateSettings["kind"]]: z.ZodType<Extract<CandidateSettings, { kind: K }>> };

/** Whether a strategy is asked for candidates and told their scores; others train a supernet. */
export function isCandidateSettings(settings: { readonly kind: string }): settings is CandidateSettings {
  return Object.hasOwn(CANDIDATE_SCHEMAS, settings.kind);
}
