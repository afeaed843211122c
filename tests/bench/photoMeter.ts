import type { Page } from "playwright-core";

import { pictureRefSchema } from "#shared/api/pictures.ts";

/** A picture of a denoised photo that the page has decoded, to be drawn with the next frame. */
export interface SeenPicture {
  readonly view: string;
  readonly revision: number;
  readonly width: number;
  readonly height: number;
  /** Since the last drop. */
  readonly ms: number;
}

/** Hears of the pictures that a page shows. */
export interface PhotoMeter {
  /** Milliseconds since the last drop. */
  now(): Promise<number>;
  list(): Promise<readonly SeenPicture[]>;
}

interface FromPage extends Omit<SeenPicture, "view" | "revision"> {
  readonly url: string;
}
interface InPage {
  now(): number;
  list(): readonly FromPage[];
}
type MeteredGlobal = typeof globalThis & { hinasPhotos: InPage };

/** Sets the meter up; must be called before the page is opened. */
export async function setUpPhotoMeter(page: Page): Promise<PhotoMeter> {
  await page.addInitScript(installMeter);
  return {
    now: () => page.evaluate(() => (globalThis as MeteredGlobal).hinasPhotos.now()),
    list: async () => {
      const seen = await page.evaluate(() => (globalThis as MeteredGlobal).hinasPhotos.list());
      return seen.flatMap(({ url, ...picture }) => {
        const text = new URL(url).searchParams.get("ref");
        if (text === null) return [];
        const ref = pictureRefSchema.parse(JSON.parse(text));
        return ref.kind === "denoise" ? [{ ...picture, view: ref.view, revision: ref.revision }] : [];
      });
    },
  };
}

/** Runs inside the page, so it can use nothing from outside. */
function installMeter(): void {
  interface Bitmap {
    readonly width: number;
    readonly height: number;
  }
  const page = globalThis as unknown as {
    createImageBitmap(blob: Blob): Promise<Bitmap>;
    addEventListener(kind: string, listen: () => void, isFirst: boolean): void;
  };
  const urls = new WeakMap<Blob, string>();
  let seen: FromPage[] = [];
  let start = performance.now();
  const now = (): number => performance.now() - start;
  const { blob: readBlob } = Response.prototype;
  const watchBlob = async function (this: Response): Promise<Blob> {
    const blob = await readBlob.call(this);
    urls.set(blob, this.url);
    return blob;
  };
  Object.assign(Response.prototype, { blob: watchBlob });
  const decode = page.createImageBitmap.bind(globalThis);
  page.createImageBitmap = async (blob) => {
    const bitmap = await decode(blob);
    const url = urls.get(blob);
    const { width, height } = bitmap;
    if (url !== undefined) seen.push({ url, width, height, ms: now() });
    return bitmap;
  };
  const begin = (): void => {
    seen = [];
    start = performance.now();
  };
  page.addEventListener("drop", begin, true);
  (globalThis as MeteredGlobal).hinasPhotos = { now, list: () => seen };
}
