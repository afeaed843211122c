import { LabError } from "#shared/labError.ts";
import { SETTINGS_KINDS } from "#shared/runs/settings.ts";

import { readSettingsFile } from "./collectLayers.ts";
import { resolveConfig } from "./resolveConfig.ts";

/** Checks that a settings file is good for every kind of job. Throws a LabError `bad_config` that lists every problem once, each at `place`. */
export async function checkSettingsFile(file: string, place: string): Promise<void> {
  const layer = await readSettingsFile("file", file, place);
  const problems = new Set<string>();
  for (const kind of SETTINGS_KINDS) {
    try {
      resolveConfig(kind, [layer]);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      for (const line of error.message.split("\n")) problems.add(line);
    }
  }
  if (problems.size > 0) throw new LabError("bad_config", [...problems].join("\n"));
}
