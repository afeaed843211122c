import { createHash } from "node:crypto";

import type { LabFile } from "#shared/api/lab.ts";
import { LabError } from "#shared/labError.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";

/** How a photo is shown; see `PictureRef`. */
export interface Viewing {
  readonly region?: Rectangle | undefined;
  readonly maxSidePx?: number | undefined;
  readonly encoding: "png" | "float32";
}

/** A file's bytes with the tag that is made of them. */
export type TaggedBytes = Pick<LabFile, "bytes" | "tag">;

/** Tags bytes with what is made of them. */
export function tagBytes(bytes: Uint8Array): TaggedBytes {
  return { bytes, tag: createHash("sha256").update(bytes).digest("base64url").slice(0, 22) };
}

/** Checks a part of a photo; all of it where none is given. Throws LabError `bad_config` for one that lies outside. */
export function toArea({ width, height }: Pick<Photo, "width" | "height">, region: Rectangle | undefined): Rectangle {
  if (region === undefined) return { x: 0, y: 0, width, height };
  if (region.x + region.width <= width && region.y + region.height <= height) return region;
  const got = `${region.width}x${region.height} at (${region.x}, ${region.y})`;
  throw new LabError("bad_config", `the region must lie inside ${width}x${height}, got ${got}`);
}
