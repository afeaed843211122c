import type { DenoiseItem } from "#shared/api/denoising.ts";
import { NOTE_HEADER } from "#shared/api/pictures.ts";
import { LabError } from "#shared/labError.ts";
import { saveBlob } from "#renderer/files/saveFile.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import { type Saving, suggestPath, suggestPathAmong } from "./savedFiles.ts";

/** Saves results as files: by the system's dialogs on the desktop, as downloads in a browser. */
export function useSaving() {
  const { lab, desktop, toFileUrl } = useLab();
  const toasts = useToasts();

  async function saveOne(task: string, item: DenoiseItem, saving: Saving): Promise<void> {
    const wish = { task, item: item.index, ...saving };
    try {
      if (desktop === null) {
        const note = await download(toFileUrl(wish));
        if (note !== null) toasts.tellDone(texts.denoise.savedWithout, note);
        return;
      }
      const file = await desktop.chooseSaveFile(texts.denoise.saveTitle, suggestPath(item, saving.format));
      // The system's dialog has asked about a file that is there.
      if (file === null) return;
      const { file: saved, note } = await lab.saveDenoised({ ...wish, file, overwrite: true });
      toasts.tellDone(texts.denoise.saved(saved), note ?? undefined);
    } catch (failure) {
      toasts.tellFailed(texts.denoise.notSaved, failure);
    }
  }

  /** Results that are there already are kept as they are; one that cannot be saved leaves the others alone. */
  async function saveAll(task: string, items: readonly DenoiseItem[], saving: Saving): Promise<void> {
    const folder = desktop === null ? null : await desktop.chooseFolder(texts.denoise.saveAllTitle);
    if (desktop !== null && folder === null) return;
    let [saved, kept] = [0, 0];
    // It is the same for all: what keeps the rest is missing on this computer.
    let note: string | null = null;
    for (const item of items) {
      const wish = { task, item: item.index, ...saving };
      try {
        const file = folder === null ? null : suggestPathAmong(items, item, folder, saving.format);
        const said = file === null ? await download(toFileUrl(wish)) : (await lab.saveDenoised({ ...wish, file })).note;
        note ??= said;
        saved++;
      } catch (failure) {
        // Only a file that is there already is refused so.
        if (failure instanceof LabError && failure.kind === "bad_config") kept++;
        else toasts.tellFailed(texts.denoise.notSaved, failure);
      }
    }
    if (saved + kept > 0) toasts.tellDone(texts.denoise.savedAll(saved, kept), note ?? undefined);
  }

  return { saveOne, saveAll };
}

/** Reads the answer first, so that a refusal is told in words instead of saved as a file. Returns what the file could not keep. */
async function download(address: string): Promise<string | null> {
  const response = await fetch(address);
  if (!response.ok) throw new Error((await response.text()).trim());
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  saveBlob(await response.blob(), decodeURIComponent(name ?? "denoised.png"));
  const note = response.headers.get(NOTE_HEADER);
  return note === null ? null : decodeURIComponent(note);
}
