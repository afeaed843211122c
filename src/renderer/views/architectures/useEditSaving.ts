import { ref } from "vue";
import { useRouter } from "vue-router";

import type { GenotypeEdit } from "#shared/api/architectures.ts";
import { useLab } from "#renderer/lab/labApi.ts";
import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Saves edits of architectures as children of theirs and leads to them; what is refused is told. */
export function useEditSaving() {
  const { lab } = useLab();
  const toasts = useToasts();
  const router = useRouter();
  const isBusy = ref(false);

  async function save(wish: {
    readonly parent: string;
    readonly edit: GenotypeEdit;
    readonly name: string;
  }): Promise<void> {
    isBusy.value = true;
    try {
      const { hash } = await lab.editArchitecture(wish);
      toasts.tellDone(texts.architectures.editSaved(hash));
      await router.push(`/architectures/${hash}`);
    } catch (failure) {
      toasts.tellFailed(texts.architectures.notEdited, failure);
    } finally {
      isBusy.value = false;
    }
  }

  return { isBusy, save };
}
