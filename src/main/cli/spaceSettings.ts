import { ZodError } from "zod";

import { describeIssue } from "#main/config/describeIssue.ts";
import { toConfigError } from "#main/config/problem.ts";
import { parseYamlValue } from "#main/config/yamlText.ts";
import { type CandidateSource, openSampledSpace, type SampledSpaceName } from "#shared/space/spaces/sampledSpaces.ts";

/** One setting of a space as it was given: its name, and its value as YAML. */
interface GivenSetting {
  readonly path: string;
  readonly value: string;
}

/** Opens a sampled space with the settings of the command line. Throws a LabError `bad_config` with a line for each problem. */
export function openSettings(space: SampledSpaceName, given: readonly GivenSetting[]): CandidateSource {
  const settings = Object.fromEntries(
    given.map(({ path, value }) => [path, parseYamlValue(value, `--set ${path}=${value}`)]),
  );
  try {
    return openSampledSpace(space, settings);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    throw toConfigError(
      error.issues.flatMap((issue) =>
        describeIssue(issue, settings).map(({ path, what }) => ({ place: `--set ${path[0] ?? ""}`, what })),
      ),
    );
  }
}
