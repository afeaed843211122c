import { basename } from "node:path";

import { makeThumbnail } from "#main/photos/decodePhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import { countBytes } from "#main/files/pixelFile.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { later } from "#main/photos/threads/later.ts";
import { tagBytes, type TaggedBytes } from "#main/photos/threads/viewing.ts";
import type { ContactSheetWish } from "#shared/api/denoising.ts";
import type { LabFile } from "#shared/api/lab.ts";

import type { TaskItem } from "./denoiseItems.ts";
import { showSource } from "./denoiseResults.ts";
import { type DenoisedContext, getItems } from "./denoiseTasks.ts";

/** What contact sheets are made with. */
export type SheetContext = DenoisedContext & { readonly photos: PhotoReader };

/** A page with more takes long to make and to open. */
const MOST_PHOTOS = 200;
/** Of a picture on the page, for screens with twice the pixels of the page. */
const SIDE_PX = 480;

/**
 * Makes a page of HTML that needs nothing beside itself: each photo of a session as it came and as it went, small, with its
 * name, network and figures. A photo whose files are not there any more is left out. Throws LabError `not_found`.
 */
export async function makeContactSheet(
  context: SheetContext,
  { task, strength, words }: ContactSheetWish,
): Promise<LabFile> {
  const done = getItems(context, task).filter(({ facts: { state } }) => state === "done" || state === "skipped");
  const figures: string[] = [];
  for (const item of done.slice(0, MOST_PHOTOS)) {
    const pictures = await showPair(context, task, item, strength).catch(() => null);
    if (pictures !== null) figures.push(describeItem(item, pictures, words));
  }
  const left = done.length - figures.length;
  const page = toPage(words.title, left > 0 ? `${words.left}: ${left}` : "", figures);
  const bytes = Buffer.from(page, "utf8");
  return { ...tagBytes(bytes), type: "text/html; charset=utf-8", name: `${toFileName(words.title)}.html`, shape: null };
}

async function showPair(
  context: SheetContext,
  task: string,
  item: TaskItem,
  strength: number,
): Promise<readonly [string, string]> {
  const before = await showSource(context, { task, item: item.facts.index }, SIDE_PX);
  return [await toDataUrl(before), await toDataUrl(await showResult(item, strength))];
}

function showResult({ pixels, facts }: TaskItem, strength: number): Promise<TaggedBytes> {
  if (pixels === null) return makeThumbnail(facts.output ?? facts.source, SIDE_PX);
  const { input, output, icc, channels } = pixels;
  const whole = { x: 0, y: 0, width: output.width, height: output.height };
  return keepRoom(async () => {
    await takeRoom(countBytes(output));
    const blended = later("blendPixels", input, output, whole, strength);
    const profile = channels === output.channels ? icc : null;
    return inThread("renderPicture", blended, { maxSidePx: SIDE_PX, encoding: "png" }, profile);
  });
}

async function toDataUrl({ bytes }: TaggedBytes): Promise<string> {
  const jpeg = await inThread("toSmallJpeg", bytes);
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
}

function describeItem(
  { facts }: TaskItem,
  [before, after]: readonly [string, string],
  words: ContactSheetWish["words"],
): string {
  const { name, psnrDb, output, width, height } = facts;
  const model = facts.model === null ? null : (words.models[facts.model] ?? facts.model);
  const size = width === null || height === null ? null : `${width} × ${height}`;
  const gain = psnrDb === null ? null : `${psnrDb.noisy.toFixed(2)} → ${psnrDb.denoised.toFixed(2)} dB`;
  const notes = [model, size, gain, output === null ? null : basename(output)].filter((note) => note !== null);
  const picture = (url: string, label: string): string =>
    `<div><img src="${url}" alt="${escape(`${name}, ${label}`)}"><span>${escape(label)}</span></div>`;
  return `<figure><div class="pair">${picture(before, words.before)}${picture(after, words.after)}</div>
<figcaption><b>${escape(name)}</b> ${escape(notes.join(" · "))}</figcaption></figure>`;
}

function toPage(title: string, note: string, figures: readonly string[]): string {
  return `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); gap: 2rem; }
figure { margin: 0; break-inside: avoid; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; }
.pair div { position: relative; }
.pair span { position: absolute; left: 6px; top: 6px; padding: 0 6px; border-radius: 4px; background: #0c0f14c7; color: #fff; font-size: 12px; }
img { display: block; width: 100%; }
figcaption { margin-top: 6px; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p>${escape(note)}</p>
<main>
${figures.join("\n")}
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  const signs: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}

function toFileName(title: string): string {
  return title.replace(/[^\p{L}\p{N} ._-]/gu, "").trim() || "contact-sheet";
}
