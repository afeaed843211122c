/** The closed list of troubles that come from outside the program. Bugs throw plain errors instead. */
export const LAB_ERROR_KINDS = [
  "bad_config",
  "bad_data",
  "not_found",
  "bad_checkpoint",
  "bad_genotype",
  "newer_version",
  "engine",
  "other_engine",
  "memory",
  "disk",
  "permission",
  "diverged",
  "busy",
  "site",
  "interrupted",
] as const;
export type LabErrorKind = (typeof LAB_ERROR_KINDS)[number];

/** Trouble a person can act on. The message says place, what, expected and got. */
export class LabError extends Error {
  readonly kind: LabErrorKind;

  constructor(kind: LabErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LabError";
    this.kind = kind;
  }
}

/** Returns what handles a failure: one of these kinds was to be expected and is let pass, any other is thrown on. */
export function letPass(...kinds: readonly LabErrorKind[]): (failure: unknown) => void {
  return (failure) => {
    if (!(failure instanceof LabError) || !kinds.includes(failure.kind)) throw failure;
  };
}
