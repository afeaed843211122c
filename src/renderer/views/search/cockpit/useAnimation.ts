import { ref } from "vue";

import { saveBlob, toFileName } from "#renderer/files/saveFile.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useTheme } from "#renderer/stores/theme.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Lets a person save a search, from its first to its last epoch, as an animated GIF; making it takes some seconds. */
export function useAnimation() {
  const { toPictureUrl } = useLab();
  const theme = useTheme();
  const toasts = useToasts();
  const isMaking = ref(false);

  async function save(run: string, layer: number, name: string): Promise<void> {
    isMaking.value = true;
    try {
      const answer = await fetch(toPictureUrl({ kind: "animation", run, layer, theme: theme.name }));
      if (!answer.ok) throw new Error(await answer.text());
      saveBlob(await answer.blob(), `${toFileName(name)}.gif`);
    } catch (failure) {
      toasts.tellFailed(texts.cockpit.notAnimated, failure);
    } finally {
      isMaking.value = false;
    }
  }

  return { isMaking, save };
}
