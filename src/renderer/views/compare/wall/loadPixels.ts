import { SHAPE_HEADER } from "#shared/api/pictures.ts";
import type { Photo } from "#shared/image/photo.ts";

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
