import { FileDown, RotateCcw, Sparkles } from "@lucide/vue";
import { computed } from "vue";
import { useRouter } from "vue-router";

import type { ModelFormat } from "#shared/api/models.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { MenuEntry } from "#renderer/components/controls/menuEntry.ts";
import { toFileName } from "#renderer/files/saveFile.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { RUN_ROOMS } from "#renderer/routing/paths.ts";
import { useModels } from "#renderer/stores/models.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Lists where a run leads on: the same again with changes, and, where it has a network, what can be done with that. */
export function useNextSteps(getRun: () => RunSummary) {
  const { lab, desktop } = useLab();
  const router = useRouter();
  const models = useModels();
  const toasts = useToasts();
  const words = texts.cockpit.next;

  /** In a browser the file goes into the run's folder, for the lab writes on its own computer. */
  async function exportAs(format: ModelFormat): Promise<void> {
    const { id, name, folder } = getRun();
    try {
      const suggested = `${folder}/${toFileName(name)}.${format}`;
      const file = desktop === null ? suggested : await desktop.chooseSaveFile(words.exportTitle, suggested);
      if (file === null) return;
      const written = await lab.exportModel({ model: id, format, file });
      toasts.tellDone(words.exported, written.file);
    } catch (failure) {
      toasts.tellFailed(words.notExported, failure);
    }
  }

  return computed((): readonly MenuEntry[] => {
    const { id, kind } = getRun();
    const again = {
      label: words.again[kind],
      icon: RotateCcw,
      choose: () => void router.push({ path: `${RUN_ROOMS[kind]}/new`, query: { again: id } }),
    };
    if (models.find(id) === null) return [again];
    return [
      again,
      {
        label: words.denoise,
        icon: Sparkles,
        choose: () => void router.push({ path: "/denoise", query: { model: id } }),
      },
      { label: words.exports.safetensors, icon: FileDown, choose: () => void exportAs("safetensors") },
      { label: words.exports.onnx, icon: FileDown, choose: () => void exportAs("onnx") },
    ];
  });
}
