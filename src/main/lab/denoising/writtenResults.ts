import { rm } from "node:fs/promises";

import { countBytes } from "#main/files/pixelFile.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { later, partOf } from "#main/photos/threads/later.ts";
import { LabError } from "#shared/labError.ts";

import type { KeptPixels, TaskItem } from "./denoiseItems.ts";
import { type KeepContext, keepInput } from "./keptInput.ts";

/** Results in files that were looked at last, the latest one behind. */
export interface WrittenContext extends KeepContext {
  readonly written: Map<string, Promise<KeptPixels>>;
}

/** So many stay at hand for who goes back and forth between photos. */
const MOST_AT_HAND = 4;

/**
 * Reads a result that was written into a file, and the photo as its network got it, to look at. Those that were looked at last
 * are read once. Throws LabError where a file is gone or was saved in another size.
 */
export function openWritten(context: WrittenContext, task: string, item: TaskItem): Promise<KeptPixels> {
  const { written } = context;
  const key = `${task} ${item.facts.index}`;
  const known = written.get(key) ?? readWritten(context, item);
  written.delete(key);
  written.set(key, known);
  known.catch(() => written.delete(key));
  const [oldest] = written;
  if (oldest !== undefined && written.size > MOST_AT_HAND) {
    written.delete(oldest[0]);
    oldest[1].then(removeFiles, () => undefined);
  }
  return known;
}

async function readWritten(context: WrittenContext, { photo, request, facts }: TaskItem): Promise<KeptPixels> {
  const { output: file, name } = facts;
  if (file === null) throw new LabError("not_found", `${name} has no result to look at`);
  const kept = await keepInput(context, photo, request, 3);
  const { width, height, channels } = kept.input;
  return keepRoom(async () => {
    const result = await context.photos.open(file);
    if (result.width !== width || result.height !== height) {
      const sizes = `${result.width} × ${result.height} in place of ${width} × ${height} pixels`;
      throw new LabError("bad_data", `${file} has ${sizes}, so that it cannot be laid over the photo`);
    }
    const target = await context.work.newFile(".f32", countBytes(kept.input));
    const pixels = later("toChannels", partOf(result.decoded, "photo"), channels);
    return { ...kept, output: await inThread("writePixels", target, pixels) };
  });
}

async function removeFiles({ clean, input, output }: KeptPixels): Promise<void> {
  const files = [clean, input, output].flatMap((each) => each?.file ?? []);
  await Promise.all(files.map((file) => rm(file, { force: true })));
}
