import { LabError, type LabErrorKind } from "#shared/labError.ts";

/** Where in the program something went wrong stands before a message for those who read logs; people at the window need what. */
const PLACE =
  /^(?:[a-z]+[A-Z][A-Za-z]*|compute|data|denoise|derive|evaluation|export|models?|photos?|picture|run|save|settings|store|study|task|training|upload|viewer|window): /;

/** Says a message of the lab as people read it: without the place in the program before it, each line as a sentence begins. */
export function inWords(message: string): string {
  return message
    .split("\n")
    .map((line) => {
      const bare = line.replace(PLACE, "");
      // What begins with a name, a path or a setting stays as it is written.
      return bare === line || !/^[a-z]+\b(?![./_])/.test(bare)
        ? bare
        : `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`;
    })
    .join("\n");
}

/** What is wrong with what was asked for stays wrong. */
const SETTLED: ReadonlySet<LabErrorKind> = new Set([
  "bad_config",
  "bad_data",
  "not_found",
  "bad_checkpoint",
  "bad_genotype",
  "newer_version",
  "permission",
  "diverged",
]);

/** Tells whether asking again may bring another answer. */
export function canHelpToRetry(failure: unknown): boolean {
  return !(failure instanceof LabError && SETTLED.has(failure.kind));
}
