import sharp from "sharp";

import { tagBytes, type TaggedBytes } from "./viewing.ts";

/** Makes an animated GIF of SVG documents of one size, each shown for a time in ms, the last one longer; it begins again for ever. */
export async function encodeAnimation(
  frames: readonly string[],
  delayMs: number,
  lastDelayMs: number,
): Promise<TaggedBytes> {
  const pictures: Buffer[] = [];
  for (const frame of frames) pictures.push(await sharp(Buffer.from(frame)).png({ compressionLevel: 1 }).toBuffer());
  const delay = frames.map((_, index) => (index === frames.length - 1 ? lastDelayMs : delayMs));
  const bytes = await sharp(pictures, { join: { animated: true } })
    .gif({ delay, loop: 0, effort: 3 })
    .toBuffer();
  return tagBytes(bytes);
}
