import type { DecodedPhoto, PhotoShape } from "./decodedPhoto.ts";
import type { OrLater } from "./threads/later.ts";

/** A photo for jobs in threads. */
export interface OpenedPhoto extends PhotoShape {
  /** As it lies in memory, or how a thread gets it. */
  readonly decoded: OrLater<DecodedPhoto>;
}
