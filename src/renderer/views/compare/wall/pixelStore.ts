import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import type { PictureWish } from "#shared/api/pictures.ts";

import { loadPixels } from "./loadPixels.ts";
import { toWish, type WallPicture, type WallView } from "./wallPicture.ts";

/** Pictures with their full values, each loaded once. */
export interface PixelStore {
  /** Loads a view of a picture, or a part of it. Rejects where the network has none, and as loading does. */
  load(picture: WallPicture, view: WallView, region: Rectangle | null): Promise<Photo>;
  /** Gives up what is under way and frees what is held. */
  forget(): void;
}

/** Creates an empty store. */
export function createPixelStore(toUrl: (wish: PictureWish) => string): PixelStore {
  const pixels = new Map<string, Promise<Photo>>();
  let abort = new AbortController();
  return {
    load: (picture, view, region) => {
      const wish = toWish(picture, view);
      if (wish === null) return Promise.reject(new Error(`wall: ${picture.name} must be there for every network`));
      const url = toUrl({ ...wish, encoding: "float32", ...(region === null ? {} : { region }) });
      const known = pixels.get(url) ?? loadPixels(url, abort.signal);
      pixels.set(url, known);
      return known;
    },
    forget: () => {
      abort.abort();
      abort = new AbortController();
      pixels.clear();
    },
  };
}
