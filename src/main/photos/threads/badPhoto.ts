import { basename } from "node:path";

import { LabError } from "#shared/labError.ts";
import { FORMAT_NAMES } from "#main/photos/photoFormat.ts";

/** Says of a photo, by the name that the person knows it by, what it is in the place of one; where it lies stays out of it. */
export function badPhoto(file: string, got: string, cause?: unknown): LabError {
  return new LabError("bad_data", `photo ${basename(file)}: expected a ${FORMAT_NAMES} photo, got ${got}`, { cause });
}
