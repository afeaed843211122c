/** The closed list of troubles that come from outside the program. Bugs throw plain errors instead. */
export const LAB_ERROR_KINDS = [
  "bad_config",
  "bad_data",
  "not_found",
  "bad_checkpoint",
  "bad_genotype",
  "newer_version",
  "engine",
  "memory",
  "disk",
  "permission",
  "diverged",
  "busy",
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
