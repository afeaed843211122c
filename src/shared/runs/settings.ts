import { z } from "zod";

import type { Frame } from "#shared/space/graph/frame.ts";

import {
  evaluationConfigSchema,
  searchConfigSchema,
  trainConfigSchema,
  type EvaluationConfig,
  type SearchConfig,
  type TrainConfig,
} from "./config.ts";

/** What settings can be for. A file may hold settings of several kinds; each job takes its own. */
export const SETTINGS_KINDS = ["search", "train", "evaluation"] as const;
export type SettingsKind = (typeof SETTINGS_KINDS)[number];

/** The settings of each kind, as they stand in a file. */
export interface SettingsOf {
  search: SearchConfig;
  train: TrainConfig;
  evaluation: { readonly evaluation: EvaluationConfig };
}

/** The schema of each kind, as its settings stand in a file. */
export const SETTINGS_SCHEMAS: { readonly [K in SettingsKind]: z.ZodType<SettingsOf[K]> } = {
  search: searchConfigSchema,
  train: trainConfigSchema,
  evaluation: z.strictObject({ evaluation: evaluationConfigSchema.prefault({}) }),
};

/** One value that a person may set, found by its dotted path, e.g. `search.epochs`. */
export interface Setting {
  readonly path: string;
  readonly kinds: readonly SettingsKind[];
  readonly description: string | null;
  /** True where the value is free text, so that `2024` means the text and not the number. */
  readonly isText: boolean;
  /** True for the name that picks a variant (`noise.kind`): another name voids the variant's other settings. */
  readonly picksVariant: boolean;
}

type Node = z.core.JSONSchema.BaseSchema;
type FoundSetting = Omit<Setting, "kinds">;

/** Lists every setting of every kind once, by path, in the schemas' order. */
export function listSettings(): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const kind of SETTINGS_KINDS) {
    for (const found of findSettings(z.toJSONSchema(SETTINGS_SCHEMAS[kind], { io: "input" }), "")) {
      const kinds = new Set([...(settings.get(found.path)?.kinds ?? []), kind]);
      settings.set(found.path, { ...found, kinds: [...kinds] });
    }
  }
  return settings;
}

function findSettings(node: Node, path: string): readonly FoundSetting[] {
  const variants = node.oneOf?.filter(isNode) ?? [];
  if (variants.length > 0) return variants.flatMap((variant) => findSettings(variant, path));
  if (node.properties === undefined) return [describeSetting(node, path)];
  return Object.entries(node.properties).flatMap(([key, child]) =>
    isNode(child) ? findSettings(child, path === "" ? key : `${path}.${key}`) : [],
  );
}

function describeSetting(node: Node, path: string): FoundSetting {
  return {
    path,
    description: node.description ?? null,
    isText: node.type === "string" && node.enum === undefined && node.const === undefined,
    picksVariant: node.const !== undefined,
  };
}

function isNode(node: Node | boolean): node is Node {
  return typeof node !== "boolean";
}

/** Lists the settings, by dotted path, with which a training gives a network the frame of the search that it comes from. */
export function toFrameSettings({ imageChannels, noiseMap, unshuffle, offsetLimitPx, stemChannels }: Frame) {
  return {
    "network.imageChannels": imageChannels,
    "network.noiseMap": noiseMap,
    "network.unshuffle": unshuffle,
    "network.offsetLimitPx": offsetLimitPx,
    "network.stemChannels": stemChannels,
  } as const;
}
