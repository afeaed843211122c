import { LabError, type LabErrorKind } from "#shared/labError.ts";

/** Error codes of the operating system that a person can act on, with the kind and the words for each. */
const KNOWN_CODES: Readonly<Record<string, { kind: LabErrorKind; what: string }>> = {
  ENOSPC: { kind: "disk", what: "the disk is full" },
  EDQUOT: { kind: "disk", what: "the disk quota is used up" },
  EFBIG: { kind: "disk", what: "the file is larger than this disk or account allows" },
  EROFS: { kind: "disk", what: "the disk is read-only" },
  EIO: { kind: "disk", what: "the disk reports a read or write error" },
  EMFILE: { kind: "disk", what: "too many files are open" },
  ENFILE: { kind: "disk", what: "too many files are open" },
  EACCES: { kind: "permission", what: "permission denied" },
  EPERM: { kind: "permission", what: "not permitted" },
  ENOENT: { kind: "not_found", what: "no such file or folder" },
  ENOTDIR: { kind: "not_found", what: "a part of the path is not a folder" },
  EISDIR: { kind: "bad_data", what: "this is a folder, not a file" },
  ENAMETOOLONG: { kind: "bad_data", what: "the name is too long" },
  ELOOP: { kind: "bad_data", what: "its links lead in a circle" },
  ERR_FS_FILE_TOO_LARGE: { kind: "bad_data", what: "the file is too large to be read at once" },
  ERR_INVALID_ARG_VALUE: { kind: "bad_data", what: "the name holds a character that no file's name may hold" },
};

/**
 * Turns a file system error into a LabError that says what was attempted; one that is not known is the trouble of that one
 * file. Anything else comes back as it is.
 */
export function toDiskError(attempt: string, cause: unknown): unknown {
  const code = getErrorCode(cause);
  if (code === null) return cause;
  const known = KNOWN_CODES[code] ?? (isOfSystem(cause) ? OTHER : undefined);
  return known === undefined ? cause : new LabError(known.kind, `${attempt}: ${known.what} (${code})`, { cause });
}

/** What the system calls by a code that stands in no table. */
const OTHER: (typeof KNOWN_CODES)[string] = { kind: "bad_data", what: "the system cannot do this with the file" };

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

/** Returns the system's error code (`ENOENT`) or null where there is none. */
export function getErrorCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
