import { z } from "zod";

import { SETTINGS_KINDS, type SettingsKind, type SettingsOf } from "#shared/runs/settings.ts";
import { genotypeArgument } from "./genotypeArgument.ts";
import { takes } from "./procedure.ts";

/** Settings that come with the program. */
export interface Preset {
  readonly name: string;
  readonly kind: SettingsKind;
  /** What it is for, as its file says; the first sentence is short. */
  readonly description: string;
  /** Only what differs from the defaults. */
  readonly yaml: string;
}

/** One thing that is wrong with settings: in which setting, on which line of the YAML text, and what. */
export interface SettingsProblem {
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** Settings as a form, as a file and as a command; all three say the same. */
export interface ResolvedSettings {
  readonly kind: SettingsKind;
  /** Null where there are problems. */
  readonly settings: SettingsOf[SettingsKind] | null;
  readonly problems: readonly SettingsProblem[];
  /** What differs from the defaults, as a settings file; null where there are problems. */
  readonly yaml: string | null;
  /** The same job on the command line; null where there are problems. */
  readonly command: string | null;
}

/** What a job will cost on this computer. */
export interface CostEstimate {
  readonly parameters: number;
  readonly multiplyAddsPerPixel: number;
  readonly totalSteps: number;
  /** Resident memory of the compute process. */
  readonly memoryMb: number;
  readonly memoryAvailableMb: number;
  /** Null where nothing was measured on this computer yet. */
  readonly secondsPerStep: number | null;
  readonly totalSeconds: number | null;
  /** On two usual cores: a guess, for where nothing was measured. */
  readonly usualSeconds: number;
  /**
   * How many runs of this engine the times rest on, whether one had the same sizes, and their kind where it is not the job's own;
   * `timed` where the job's own steps were taken for a second, and whether a run was at work meanwhile.
   */
  readonly basis: {
    readonly runs: number;
    readonly isSameSize: boolean;
    readonly otherKind: "search" | "train" | null;
    readonly timed: "alone" | "beside_a_run" | null;
  };
}

const kindSchema = z.enum(SETTINGS_KINDS);
/** The genotype is needed for a training and for nothing else. */
const jobSchema = z.strictObject({
  kind: z.enum(["search", "train"]),
  settings: z.unknown(),
  genotype: genotypeArgument.nullable().default(null),
});

export const settingsProcedures = {
  listPresets: takes(kindSchema).gives<readonly Preset[]>(),
  /**
   * Lays a preset, a YAML text and single values (by dotted path, as a form has them) over the defaults, in this order. A training
   * without a text begins in the frame of the search that found its architecture.
   */
  resolveSettings: takes(
    z.strictObject({
      kind: kindSchema,
      preset: z.string().nullable().default(null),
      yaml: z.string().max(1_000_000).nullable().default(null),
      values: z.record(z.string(), z.unknown()).default({}),
      /** For a training's command: the search run, architecture (by hash) or genotype file it starts from. */
      from: z.string().nullable().default(null),
    }),
  ).gives<ResolvedSettings>(),
  estimateCost: takes(jobSchema).gives<CostEstimate>(),
  /** The same, after the job's own steps were taken for about a second where no run of these sizes is known. */
  timeJob: takes(jobSchema).gives<CostEstimate>(),
};
