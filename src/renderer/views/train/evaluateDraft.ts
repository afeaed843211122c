import { z } from "zod";

import { evaluationConfigSchema } from "#shared/runs/config.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import type { Noise } from "#shared/image/noise.ts";

/** What a person has entered to have a network measured; texts are as typed. */
export interface EvaluateDraft {
  readonly dataset: string;
  readonly kind: Noise["kind"];
  readonly sigmas: string;
  readonly gain: string;
  readonly seed: string;
  readonly maxPhotos: string;
}

export type EvaluateField = "sigmas" | "gain" | "seed" | "maxPhotos";

/** One configuration for each noise level, or the fields that say nothing usable. */
export type ReadDraft =
  | { readonly kind: "ready"; readonly configs: readonly EvaluationConfig[] }
  | { readonly kind: "wrong"; readonly fields: ReadonlySet<EvaluateField> };

const MOST_LEVELS = 8;

const sigmasSchema = z.array(z.number().min(0).max(255)).min(1).max(MOST_LEVELS);

/** Reads a draft: every level of sigma becomes an evaluation of its own. */
export function readEvaluateDraft(draft: EvaluateDraft): ReadDraft {
  const sigmas = sigmasSchema.safeParse(readNumbers(draft.sigmas));
  const gain = z.number().positive().safeParse(readNumbers(draft.gain)[0]);
  const seed = z.int().min(0).safeParse(readNumbers(draft.seed)[0]);
  const maxPhotos = z.int().positive().optional().safeParse(readNumbers(draft.maxPhotos)[0]);
  const wrong = new Set<EvaluateField>();
  if (draft.kind !== "paired" && !sigmas.success) wrong.add("sigmas");
  if (draft.kind === "poisson_gaussian" && !gain.success) wrong.add("gain");
  if (!seed.success) wrong.add("seed");
  if (!maxPhotos.success) wrong.add("maxPhotos");
  if (wrong.size > 0) return { kind: "wrong", fields: wrong };
  const noises = toNoises(draft.kind, sigmas.data ?? [], gain.data ?? 0);
  const configs = noises.map((noise) =>
    evaluationConfigSchema.parse({
      data: { dataset: draft.dataset, maxPhotos: maxPhotos.data },
      noise,
      noiseSeed: seed.data,
    }),
  );
  return { kind: "ready", configs };
}

function toNoises(kind: Noise["kind"], sigmas: readonly number[], gain: number): readonly Noise[] {
  switch (kind) {
    case "paired":
      return [{ kind }];
    case "gaussian":
      return sigmas.map((sigma255) => ({ kind, sigma255 }));
    case "poisson_gaussian":
      return sigmas.map((sigma255) => ({ kind, gain, sigma255 }));
  }
}

/** What is no number becomes NaN, which no schema takes. */
function readNumbers(text: string): number[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== "")
    .map(Number);
}

/** Guesses from a noise in words (`gaussian-30`) what a person wants to measure at. */
export function guessSigmas(noise: string): string {
  const levels = /^gaussian-([\d.,]+)$/.exec(noise)?.[1];
  return levels === undefined || levels.includes("..") ? "30" : levels.split(",").join(", ");
}
