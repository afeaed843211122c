import { LabError, type LabErrorKind } from "#shared/labError.ts";

/** Where in the program something went wrong stands before a message for those who read logs; people at the window need what. */
const PLACE =
  /^(?:[a-z]+[A-Z][A-Za-z]*|compute|data|denoise|derive|edit|evaluation|export|models?|photos?|picture|run|save|settings|store|study|task|training|upload|viewer|window): /;

/** Words that no name or path is, and with which messages of the lab begin. */
const SENTENCE =
  /^(?:an?|asked|at|before|diverged|from|its?|memory|no|noise|nobody|photos?|protocol|results|run|settings|stopped|study|the|there|these|this|to|what) /;

/** Says a message of the lab as people read it: without the place in the program before it, each line as a sentence begins. */
export function inWords(message: string): string {
  return message
    .split("\n")
    .map((line) => {
      const bare = line.replace(PLACE, "");
      // What begins with a name, a path or a setting stays as it is written.
      const isSentence = bare === line ? SENTENCE.test(bare) : /^[a-z]+\b(?![./_])/.test(bare);
      return isSentence ? `${bare.charAt(0).toUpperCase()}${bare.slice(1)}` : bare;
    })
    .join("\n");
}

/** Says what was thrown as people read it. */
export function tellFailure(failure: unknown): string {
  return inWords(failure instanceof Error ? failure.message : String(failure));
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
