import { z } from "zod";

import {
  firstNoise,
  isSyntheticKind,
  levelOfNoise,
  listNoiseParameters,
  type Noise,
  NOISE_KINDS,
  type NoiseKind,
  type NoiseParameter,
  noiseSchema,
} from "#shared/image/noise.ts";
import { seedSchema } from "#shared/random/seedSchema.ts";
import { evaluationConfigSchema } from "#shared/runs/config.ts";
import type { EvaluationConfig } from "#shared/runs/config.ts";
import { toFieldText } from "#renderer/components/settingsForm/fieldText.ts";
import { settingAt } from "#renderer/components/settingsForm/formFields.ts";

/** Stands among the data sets for the photos that the network's own training kept for a test; no data set has such a name. */
export const OWN_TEST_PART = "\u0000test";

/** What a person has entered to have a network measured; texts are as typed. */
export interface EvaluateDraft {
  readonly datasets: readonly string[];
  readonly kind: NoiseKind;
  /** By the parameter's name, also of kinds that are not chosen. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly seed: string;
  readonly noiseSeeds: string;
  readonly maxPhotos: string;
  readonly protocol: EvaluationConfig["protocol"];
  readonly selfEnsemble: boolean;
  readonly baselines: boolean;
}

export type EvaluateField = NoiseParameter | "seed" | "noiseSeeds" | "maxPhotos";

/** One configuration for each test set and noise level, or the fields that say nothing usable. */
export type ReadDraft =
  | { readonly kind: "ready"; readonly configs: readonly EvaluationConfig[] }
  | { readonly kind: "wrong"; readonly fields: ReadonlySet<EvaluateField> };

const MOST_LEVELS = 8;

/**
 * Lists what is asked for of a kind of noise: the parameter that takes several levels first, then those that are plain numbers.
 * Others, as the ranges and choices of a camera, are left as they usually are.
 */
export function listEvaluated(kind: NoiseKind): readonly NoiseParameter[] {
  const level = levelOfNoise(kind);
  return listNoiseParameters(kind)
    .filter((name) => name === level || typeof settingAt(firstNoise(kind), name) === "number")
    .toSorted((a, b) => Number(b === level) - Number(a === level));
}

/** Returns the texts of all parameters that a draft begins with, for a network that was trained for this noise in words. */
export function beginParameters(noise: string): Readonly<Record<string, string>> {
  const texts = new Map<string, string>([["sigma255", guessSigmas(noise)]]);
  for (const kind of NOISE_KINDS) {
    for (const name of listNoiseParameters(kind)) {
      if (!texts.has(name)) texts.set(name, toFieldText(settingAt(firstNoise(kind), name)));
    }
  }
  return Object.fromEntries(texts);
}

/** Reads a draft: every test set at every level of noise becomes an evaluation of its own, set by set. */
export function readEvaluateDraft(draft: EvaluateDraft): ReadDraft {
  const { noises, wrong } = readNoises(draft);
  const seed = seedSchema.safeParse(readNumbers(draft.seed)[0]);
  const maxPhotos = z.int().positive().optional().safeParse(readNumbers(draft.maxPhotos)[0]);
  const noiseSeeds = evaluationConfigSchema.shape.noiseSeeds.safeParse(readNumbers(draft.noiseSeeds)[0] ?? NaN);
  if (!seed.success) wrong.add("seed");
  if (!noiseSeeds.success) wrong.add("noiseSeeds");
  if (!maxPhotos.success) wrong.add("maxPhotos");
  if (wrong.size > 0) return { kind: "wrong", fields: wrong };
  const protocol = isSyntheticKind(draft.kind) ? draft.protocol : "whole_image";
  const baselines = draft.baselines && protocol === "whole_image";
  const how = {
    noiseSeed: seed.data,
    noiseSeeds: noiseSeeds.data,
    protocol,
    selfEnsemble: draft.selfEnsemble,
    baselines,
  };
  const configs = draft.datasets.flatMap((dataset) =>
    noises.map((noise) =>
      evaluationConfigSchema.parse({ data: { ...toData(dataset), maxPhotos: maxPhotos.data }, noise, ...how }),
    ),
  );
  return { kind: "ready", configs };
}

function toData(dataset: string): Partial<EvaluationConfig["data"]> {
  return dataset === OWN_TEST_PART ? { part: "test" } : { dataset };
}

function readNoises({ kind, parameters }: EvaluateDraft): { noises: readonly Noise[]; wrong: Set<EvaluateField> } {
  const level = levelOfNoise(kind);
  const names = listEvaluated(kind);
  const numbers = new Map(names.map((name) => [name, readLevels(textOf(parameters, name))]));
  const settings = Object.fromEntries([...numbers].map(([name, [first]]) => [name, first]));
  const levels = level === null ? [] : readLevels(textOf(parameters, level));
  const wanted =
    level === null || levels.length === 0 ? [settings] : levels.map((each) => ({ ...settings, [level]: each }));
  const read = wanted.map((each) => noiseSchema.safeParse({ kind, ...each }));
  const issues = read.flatMap(({ error }) => error?.issues ?? []);
  const wrong = new Set<EvaluateField>(names.filter((name) => issues.some(({ path }) => path[0] === name)));
  if (level !== null && levels.length > MOST_LEVELS) wrong.add(level);
  return { noises: read.flatMap(({ data }) => data ?? []), wrong };
}

function textOf(parameters: EvaluateDraft["parameters"], name: NoiseParameter): string {
  const text = parameters[name];
  if (text === undefined) throw new Error(`evaluate: the draft must hold a text for ${name}, got none`);
  return text;
}

/** What is no number becomes NaN, which no schema takes. */
function readNumbers(text: string): number[] {
  return splitList(text).map(Number);
}

/** Ranges, `0..75`, are left for the schema to read. */
function readLevels(text: string): (number | string)[] {
  return splitList(text).map((part) => (part.includes("..") ? part : Number(part)));
}

function splitList(text: string): string[] {
  return text.split(/[,;\s]+/).filter((part) => part !== "");
}

/** Guesses from a noise in words (`gaussian-30`) what a person wants to measure at. */
export function guessSigmas(noise: string): string {
  const levels = /^gaussian-([\d.,]+)$/.exec(noise)?.[1];
  return levels === undefined || levels.includes("..") ? "30" : levels.split(",").join(", ");
}
