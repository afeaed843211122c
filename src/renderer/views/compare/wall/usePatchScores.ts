import { watchThrottled } from "@vueuse/core";
import { onScopeDispose, type Ref, shallowRef } from "vue";

import type { Rectangle } from "#shared/image/geometry.ts";
import type { Photo } from "#shared/image/photo.ts";
import { PSNR_CEILING_DB } from "#shared/image/psnr.ts";
import type { Look } from "#renderer/components/viewer/view.ts";
import { useLab } from "#renderer/lab/labApi.ts";

import { createPixelStore, type PixelStore } from "./pixelStore.ts";
import type { WallPicture } from "./wallPicture.ts";

/** PSNR in dB of what is seen, of the noisy picture and of each network by its run. */
export interface PatchScores {
  readonly noisy: number;
  readonly denoised: ReadonlyMap<string, number>;
}

/** Pictures up to this many pixels are held as a whole, so that the figures follow the hand; of larger ones only what is seen. */
const MOST_PIXELS = 4_000_000;
const UPDATE_MS = 80;

/** Computes the figures of the visible patch from the pictures' full values; null until they are there, or for too large a part. */
export function usePatchScores(
  picture: Readonly<Ref<WallPicture | null>>,
  look: Readonly<Ref<Look | null>>,
  runIds: Readonly<Ref<readonly string[]>>,
) {
  const { toPictureUrl } = useLab();
  const store = createPixelStore(toPictureUrl);
  const scores = shallowRef<PatchScores | null>(null);
  const isTooLarge = shallowRef(false);
  let turn = 0;

  async function update(): Promise<void> {
    const mine = ++turn;
    const [of, seen] = [picture.value, look.value];
    isTooLarge.value = seen !== null && isLarge(seen.picture) && isLarge(seen.area);
    try {
      const found =
        of === null || seen === null || isTooLarge.value ? null : await measure(store, of, seen, runIds.value);
      if (mine === turn) scores.value = found;
    } catch {
      // The panes say what is wrong with a picture; without its values there are no figures.
      if (mine === turn) scores.value = null;
    }
  }

  function begin(): void {
    store.forget();
    scores.value = null;
    void update();
  }

  watchThrottled([picture, runIds], begin, { throttle: UPDATE_MS });
  watchThrottled(look, () => void update(), { throttle: UPDATE_MS });
  onScopeDispose(() => store.forget());
  return { scores, isTooLarge };
}

async function measure(
  store: PixelStore,
  picture: WallPicture,
  { area, picture: size }: Look,
  runIds: readonly string[],
): Promise<PatchScores> {
  const isWhole = !isLarge(size);
  if (!isWhole) store.forget();
  const region = isWhole ? null : area;
  const seen = isWhole ? area : { ...area, x: 0, y: 0 };
  const [clean, noisy, ...outputs] = await Promise.all([
    store.load(picture, { side: "clean" }, region),
    store.load(picture, { side: "noisy" }, region),
    ...runIds.map((runId) => store.load(picture, { runId, errorGain: null }, region)),
  ]);
  const denoised = outputs.map(
    (output, index) => [runIds[index] ?? "", computePatchPsnr(output, clean, seen, true)] as const,
  );
  return { noisy: computePatchPsnr(noisy, clean, seen, false), denoised: new Map(denoised) };
}

function isLarge({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width * height > MOST_PIXELS;
}

/**
 * Computes the PSNR in dB of a part of a photo against the same part of another, for a data range of 1. `isClipped` brings
 * the first one's values to 0..1 first, as results of a network are. Both photos have the same shape, and the part lies inside.
 */
export function computePatchPsnr(photo: Photo, clean: Photo, area: Rectangle, isClipped: boolean): number {
  const { width, channels } = clean;
  let sum = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = (y * width + area.x) * channels;
    for (let index = start; index < start + area.width * channels; index++) {
      const value = photo.data[index] ?? 0;
      const shown = isClipped ? Math.min(1, Math.max(0, value)) : value;
      sum += (shown - (clean.data[index] ?? 0)) ** 2;
    }
  }
  return Math.min(PSNR_CEILING_DB, -10 * Math.log10(sum / (area.width * area.height * channels)));
}
