import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Browser, Page } from "playwright-core";
import sharp from "sharp";

import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { toWindowPage } from "#tests/helpers/windowPage.ts";

import { type PhotoMeter, type SeenPicture, setUpPhotoMeter } from "./photoMeter.ts";
import type { PhotoMeasurement, PhotoMoment } from "./photoMeasurement.ts";

const [WIDTH, HEIGHT] = [6000, 4000];
/** Photos of this folder, beside the project, make up the large one; without them it is drawn. */
const PHOTOS = resolve("../shared/datasets/kodak24");
const NOISE_255 = 15;
const POLL_MS = 20;
/** So long a person looks at a result, at least, before another noise is tried. */
const LOOK_MS = 3_000;
/** Each moves a tenth of the stage. */
const PRESSES = 12;
const PATIENCE_MS = 600_000;
const NETWORKS = ["fast", "colour"] as const;

interface Bench {
  readonly lab: Lab;
  readonly page: Page;
  readonly meter: PhotoMeter;
  readonly log: (line: string) => void;
}

/** Measures in a real browser when a dropped photo of 24 megapixels is seen, and when what is on show is seen denoised. */
export async function measurePhoto(
  home: string,
  rendererFolder: string,
  browser: Browser,
  log: (line: string) => void,
): Promise<readonly PhotoMeasurement[]> {
  const photo = await makeLargePhoto(home);
  const measurements: PhotoMeasurement[] = [];
  for (const network of NETWORKS) {
    const lab = createLab({ home: join(home, network), log });
    const server = await serveLab({ lab, rendererFolder, host: "127.0.0.1", port: 0, log });
    try {
      await lab.setPreferences({ denoisingEngine: "onnxruntime" });
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const meter = await setUpPhotoMeter(page);
      log(`dropping a photo of 24 megapixels for ${network}`);
      measurements.push(await measureNetwork({ lab, page, meter, log }, server.url, photo, network));
      await page.close();
    } finally {
      await server.close();
      await lab.close();
    }
  }
  return measurements;
}

async function measureNetwork(bench: Bench, url: string, photo: string, network: string): Promise<PhotoMeasurement> {
  const { page, meter } = bench;
  const at = toWindowPage(page, url);
  await at.goTo("/denoise");
  await choose(page, "Chosen for each photo", [network]);
  await at.drop([photo]);
  const moments: PhotoMoment[] = [];
  const waitFor = async (what: string, since: number, is: (seen: SeenPicture) => boolean): Promise<void> => {
    const { ms, width, height } = await findPicture(meter, (seen) => seen.ms > since && is(seen));
    const moment = { what, seconds: (ms - since) / 1000, megapixels: (width * height) / 1e6 };
    bench.log(`${moment.seconds.toFixed(2)} s: ${what}`);
    moments.push(moment);
  };
  const waitForParts = async (what: string, since: number): Promise<void> => {
    const onShow = await countOnShow(page);
    await waitFor(`${what}: denoised, coarsely or in the middle`, since, isPart);
    await waitFor(
      `${what}: denoised where it is on show, as sharp as it is seen`,
      since,
      (seen) => isPart(seen) && countPixels(seen) > onShow,
    );
  };
  await waitFor("dropped: seen", 0, ({ view }) => view === "source" || view === "input");
  await waitForParts("dropped", 0);
  await at.button("100 %").click();
  const aside = await lookAside(page, meter);
  await waitForParts("elsewhere at 100 %", aside);
  await waitFor("dropped: denoised as a whole", 0, ({ view }) => view === "output");
  await sleep(LOOK_MS);
  const told = await meter.now();
  await page.getByRole("slider", { name: "Noise in the photo" }).press("End");
  await waitForParts("another noise, at 100 %", told);
  const other = NETWORKS.find((each) => each !== network) ?? network;
  const chosen = await meter.now();
  await choose(page, network, [other, network]);
  await waitForParts(`by ${other}, at 100 %`, chosen);
  return { network, width: WIDTH, height: HEIGHT, moments };
}

/** Ticks networks in the menu, or takes their ticks away. */
async function choose(page: Page, text: string, networks: readonly string[]): Promise<void> {
  await page.getByRole("button", { name: `Networks: ${text}` }).click();
  for (const network of networks) {
    await page.getByRole("menuitemcheckbox", { name: new RegExp(`^${network}\\b`) }).click();
  }
  await page.keyboard.press("Escape");
}

/** Goes to a part that was not on show before; returns when that was done. */
async function lookAside(page: Page, meter: PhotoMeter): Promise<number> {
  const viewer = page.getByRole("main").getByRole("group", { name: /^large\.jpg/ });
  for (let press = 0; press < PRESSES; press += 1) await viewer.press("ArrowRight");
  return meter.now();
}

function isPart({ view }: SeenPicture): boolean {
  return view === "preview";
}

function countPixels({ width, height }: Pick<SeenPicture, "width" | "height">): number {
  return width * height;
}

/** How many pixels at least of a part on show are denoised before the rest: a megapixel, or what the stage holds at 100 %. */
async function countOnShow(page: Page): Promise<number> {
  const { width, height } = (await page.locator("canvas").first().boundingBox()) ?? { width: 0, height: 0 };
  return 0.95 * Math.min(1e6, width * height);
}

async function findPicture(meter: PhotoMeter, is: (seen: SeenPicture) => boolean): Promise<SeenPicture> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const found = (await meter.list()).find(is);
    if (found !== undefined) return found;
    await sleep(POLL_MS);
  }
  throw new Error(`bench: the picture was not seen within ${PATIENCE_MS / 1000} s`);
}

/** Writes a JPEG of 24 megapixels with noise: photos of another folder beside each other, or drawn ones. */
async function makeLargePhoto(folder: string): Promise<string> {
  const names = await readdir(PHOTOS).catch(() => []);
  const [columns, rows] = [4, 4];
  const [width, height] = [WIDTH / columns, HEIGHT / rows];
  const tiles = await Promise.all(
    Array.from({ length: columns * rows }, async (_, index) => {
      const name = names.sort()[index];
      const tile =
        name === undefined
          ? sharp({ create: { width, height, channels: 3, background: { r: 15 * index, g: 120, b: 200 } } })
          : sharp(join(PHOTOS, name)).resize(width, height, { fit: "cover" });
      const left = (index % columns) * width;
      return { input: await tile.png().toBuffer(), left, top: Math.floor(index / columns) * height };
    }),
  );
  const noise = { type: "gaussian", mean: 128, sigma: NOISE_255 } as const;
  const grain = await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: "#000", noise } })
    .png()
    .toBuffer();
  const file = join(folder, "large.jpg");
  await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: "#000" } })
    .composite([...tiles, { input: grain, blend: "soft-light" }])
    .jpeg({ quality: 92 })
    .toFile(file);
  return file;
}
