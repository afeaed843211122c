import type { DenoiseItem } from "#shared/api/denoising.ts";
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
        await download(toFileUrl(wish));
        return;
      }
      const file = await desktop.chooseSaveFile(texts.denoise.saveTitle, suggestPath(item, saving.format));
      // The system's dialog has asked about a file that is there.
      if (file !== null)
        toasts.tellDone(texts.denoise.saved(await lab.saveDenoised({ ...wish, file, overwrite: true })));
    } catch (failure) {
      toasts.tellFailed(texts.denoise.notSaved, failure);
    }
  }

  /** Results that are there already are kept as they are; one that cannot be saved leaves the others alone. */
  async function saveAll(task: string, items: readonly DenoiseItem[], saving: Saving): Promise<void> {
    const folder = desktop === null ? null : await desktop.chooseFolder(texts.denoise.saveAllTitle);
    if (desktop !== null && folder === null) return;
    let [saved, kept] = [0, 0];
    for (const item of items) {
      const wish = { task, item: item.index, ...saving };
      try {
        if (folder === null) await download(toFileUrl(wish));
        else await lab.saveDenoised({ ...wish, file: suggestPathAmong(items, item, folder, saving.format) });
        saved++;
      } catch (failure) {
        if (failure instanceof LabError && failure.kind === "bad_config") kept++;
        else toasts.tellFailed(texts.denoise.notSaved, failure);
      }
    }
    toasts.tellDone(texts.denoise.savedAll(saved, kept));
  }

  return { saveOne, saveAll };
}

/** Reads the answer first, so that a refusal is told in words instead of saved as a file. */
async function download(address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error((await response.text()).trim());
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  saveBlob(await response.blob(), decodeURIComponent(name ?? "denoised.png"));
}
