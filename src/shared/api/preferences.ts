import { z } from "zod";

import { DEFAULT_MEMORY_BUDGET_MB, DEFAULT_PHOTO_BUDGET_MB } from "#shared/image/memoryBudget.ts";
import { memoryBudgetSchema } from "#shared/image/memoryBudgetSchema.ts";

import { DENOISING_ENGINES, ONNX_DEVICES } from "./denoising.ts";
import type { DoctorReport } from "./doctor.ts";
import { engineDeviceSchema } from "./engineDevice.ts";
import { takes } from "./procedure.ts";

/** More runs at once than this no computer has room for. */
export const MOST_RUNS_AT_ONCE = 16;

/** The languages of the window. */
export const LANGUAGES = ["en", "de", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a person wants of the program on this computer. */
export const preferencesSchema = z.strictObject({
  language: z.enum(LANGUAGES).describe("Language of the window."),
  notify: z.boolean().describe("Whether the system tells when a job ends while the window is in the background."),
  theme: z.enum(["light", "dark", "system"]).describe("Colours of the window."),
  memoryBudgetMb: memoryBudgetSchema.describe("Memory that denoising may take; larger photos are cut into tiles."),
  photoBudgetMb: memoryBudgetSchema.describe(
    "Memory that photos may take while they are opened, each alone and all at a time together; larger ones are refused.",
  ),
  engineDevice: engineDeviceSchema.describe("What searches, trainings and the native engine compute on."),
  runsAtOnce: z
    .int()
    .min(1)
    .max(MOST_RUNS_AT_ONCE)
    .describe(
      "How many searches and trainings this computer does at once; cards and threads are shared out among them.",
    ),
  denoisingEngine: z
    .enum(["auto", ...DENOISING_ENGINES])
    .describe("What computes where photos are denoised; auto takes the faster one on this device."),
  denoisingDevice: z.enum(ONNX_DEVICES).describe("What onnxruntime computes on; the processor where it is not there."),
  closing: z.enum(["ask", "keep_running", "pause"]).describe("What happens to running jobs when the window is closed."),
});
export type Preferences = Readonly<z.infer<typeof preferencesSchema>>;

/** What holds until the person says otherwise. */
export const DEFAULT_PREFERENCES: Preferences = {
  language: "en",
  notify: false,
  theme: "system",
  memoryBudgetMb: DEFAULT_MEMORY_BUDGET_MB,
  photoBudgetMb: DEFAULT_PHOTO_BUDGET_MB,
  engineDevice: "auto",
  runsAtOnce: 1,
  denoisingEngine: "auto",
  denoisingDevice: "cpu",
  closing: "ask",
};

/** A folder of the lab and what it takes on the disk. */
export interface StoragePlace {
  readonly holds:
    | "runs"
    | "public sets"
    | "data set cards"
    | "architectures"
    | "noise profiles"
    | "results"
    | "database"
    | "backups"
    | "trash"
    | "engine";
  readonly folder: string;
  readonly bytes: number;
}

export interface Storage {
  readonly home: string;
  readonly places: readonly StoragePlace[];
  readonly freeMb: number | null;
}

export const preferenceProcedures = {
  getPreferences: takes().gives<Preferences>(),
  /** Changes what is given and returns all. */
  setPreferences: takes(preferencesSchema.partial()).gives<Preferences>(),
  measureStorage: takes().gives<Storage>(),
  /** Deletes for good what was removed; returns the bytes that were freed. */
  emptyTrash: takes().gives<number>(),
  /** Tests the engine in a process of its own, which takes seconds; `retry` tries failed routes to an engine anew. */
  examineEngine: takes(z.strictObject({ retry: z.boolean().default(false) })).gives<{
    readonly report: DoctorReport;
    /** The same for people, as `hinas doctor` prints it. */
    readonly text: string;
  }>(),
  /** Makes the index agree with the folders in the lab's home. */
  rebuildStore: takes().gives<{ readonly runs: number; readonly problems: readonly string[] }>(),
};
