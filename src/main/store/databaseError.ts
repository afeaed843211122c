import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import { LabError } from "#shared/labError.ts";

/** Says that the database is damaged and what to do about it. */
export function damaged(file: string, detail: string, cause?: unknown): LabError {
  const advice = "run `hinas store rebuild` to make it anew from the run folders";
  return new LabError("bad_data", `${file} is damaged (${detail}); ${advice}`, { cause });
}

/** Turns an error of SQLite into a LabError that a person can act on; anything else comes back as `toDiskError` gives it. */
export function toDatabaseError(file: string, cause: unknown): unknown {
  const code = getErrorCode(cause) ?? "";
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) return damaged(file, detail, cause);
  if (code.startsWith("SQLITE_BUSY")) {
    return new LabError("busy", `${file} stayed locked by another process`, { cause });
  }
  if (code === "SQLITE_FULL" || code.startsWith("SQLITE_IOERR")) {
    return new LabError("disk", `cannot write ${file} (${detail})`, { cause });
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY")) {
    return new LabError("permission", `cannot open ${file} for writing (${detail})`, { cause });
  }
  return toDiskError(`store: ${file}`, cause);
}
