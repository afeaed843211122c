import { readFileSync } from "node:fs";

import type { RunLabel, RunSummary } from "#shared/api/runs.ts";
import { runLabelSchema } from "#shared/api/runs.ts";

import { getErrorCode } from "#main/files/diskError.ts";

import { getRunPaths, writeJson } from "./runFolder.ts";

/** What nobody has said anything about. */
export const NO_LABEL: RunLabel = { name: null, isStarred: false, isArchived: false, tags: [], note: "" };

/** Reads what people say of a run; nothing where nobody did, and where the file cannot be understood, for the run itself is whole. */
export function readRunLabel(folder: string): RunLabel {
  try {
    const parsed = runLabelSchema.safeParse(JSON.parse(readFileSync(getRunPaths(folder).label, "utf8")));
    return parsed.success ? parsed.data : NO_LABEL;
  } catch (error) {
    if (error instanceof SyntaxError || getErrorCode(error) === "ENOENT") return NO_LABEL;
    throw error;
  }
}

/** Writes what people say of a run into its folder. Throws LabError `disk` or `permission`. */
export function writeRunLabel(folder: string, label: RunLabel): Promise<void> {
  return writeJson(getRunPaths(folder).label, label);
}

/** Gives a summary the name and the rest of what people say of the run. */
export function withLabel(run: RunSummary): RunSummary {
  const label = readRunLabel(run.folder);
  return label === NO_LABEL ? run : { ...run, name: label.name ?? run.name, label };
}
