import type { Task } from "#shared/api/tasks.ts";
import { saveBlob } from "#renderer/files/saveFile.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useDenoise } from "#renderer/stores/denoise.ts";
import { useModels } from "#renderer/stores/models.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { PhotoResult } from "./photoResults.ts";

/** Saves a session's photos as one page that needs nothing else. */
export function useContactSheet() {
  const { toSheetUrl } = useLab();
  const denoise = useDenoise();
  const models = useModels();
  const toasts = useToasts();

  async function saveSheet({ id, title }: Task, photos: readonly PhotoResult[]): Promise<void> {
    const used = new Set(photos.flatMap(({ items }) => items.flatMap(({ model }) => model ?? [])));
    const words = {
      title: photos.length === 1 ? title : texts.denoise.photos(photos.length),
      before: texts.denoise.before,
      after: texts.denoise.denoised,
      left: texts.denoise.notOnSheet,
      models: Object.fromEntries([...used].map((model) => [model, models.nameOf(model)])),
    };
    try {
      const response = await fetch(toSheetUrl({ task: id, strength: denoise.strength, words }));
      if (!response.ok) throw new Error((await response.text()).trim());
      saveBlob(await response.blob(), `${texts.denoise.sheetName}.html`);
    } catch (failure) {
      toasts.tellFailed(texts.denoise.sheetNotSaved, failure);
    }
  }

  return { saveSheet };
}
