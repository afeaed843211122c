import { ref } from "vue";
import { useRouter } from "vue-router";

import type { ArchitectureDetail } from "#shared/api/architectures.ts";
import { drawArchitecture } from "#shared/space/drawing/drawArchitecture.ts";
import { savePng, saveSvg } from "#renderer/components/drawings/saveDrawing.ts";
import { useCopy } from "#renderer/components/feedback/useCopy.ts";
import { saveText } from "#renderer/files/saveFile.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What can be done with an architecture beside editing it; failures are told in the corner. */
export function useArchitectureActions(getArchitecture: () => ArchitectureDetail) {
  const { lab } = useLab();
  const toasts = useToasts();
  const router = useRouter();
  const copy = useCopy();
  const isBusy = ref(false);
  const words = texts.architectures;
  const toName = (): string => `genotype-${getArchitecture().hash}`;
  // Saved drawings are for papers, whatever the window's colours.
  const draw = (): string =>
    drawArchitecture(getArchitecture().genotype, { title: getArchitecture().name, theme: "light" });

  async function attempt(title: string, work: () => unknown): Promise<void> {
    isBusy.value = true;
    try {
      await work();
    } catch (failure) {
      toasts.tellFailed(title, failure);
    } finally {
      isBusy.value = false;
    }
  }

  return {
    isBusy,
    saveSvg: () => attempt(words.notExported, () => saveSvg(draw(), toName())),
    savePng: () => attempt(words.notExported, () => savePng(draw(), toName())),
    saveJson: () =>
      attempt(words.notExported, async () => {
        saveText(await lab.exportArchitecture(getArchitecture().hash), `${toName()}.json`, "application/json");
      }),
    copyJson: () => attempt(words.notExported, async () => copy(await lab.exportArchitecture(getArchitecture().hash))),
    rename: (name: string) => attempt(words.notRenamed, () => lab.renameArchitecture(getArchitecture().hash, name)),
    remove: () =>
      attempt(words.notRemoved, async () => {
        await lab.removeArchitecture(getArchitecture().hash);
        await router.push("/architectures");
      }),
  };
}
