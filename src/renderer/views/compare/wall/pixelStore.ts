import { type PictureWish, SHAPE_HEADER } from "#shared/api/pictures.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";

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

/** Loads a picture at an address of encoding `float32`, every value as it is `[H, W, C]`. Throws what the lab or the network says. */
export async function loadPixels(url: string, signal: AbortSignal): Promise<Photo> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error((await response.text()).trim());
  const [height, width, channels] = (response.headers.get(SHAPE_HEADER) ?? "").split(",").map(Number);
  const data = new Float32Array(await response.arrayBuffer());
  const isGreyOrColour = channels === 1 || channels === 3;
  if (!height || !width || !isGreyOrColour || data.length !== height * width * channels) {
    const got = response.headers.get(SHAPE_HEADER) ?? "none";
    throw new Error(`picture: ${SHAPE_HEADER} must be the shape of ${data.length} values, got ${got}`);
  }
  return { width, height, channels, data };
}
