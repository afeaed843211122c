import { type Ref, shallowRef, watch } from "vue";

import type { Architecture } from "#shared/api/architectures.ts";
import { letPass } from "#shared/labError.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { toFrameSettings } from "#shared/runs/settings.ts";
import { settingAt } from "#renderer/components/settingsForm/formFields.ts";
import type { SettingsDraft } from "#renderer/components/settingsForm/useSettingsDraft.ts";
import { useLab } from "#renderer/lab/labApi.ts";

type FrameSettings = ReturnType<typeof toFrameSettings>;

const DEFAULTS = trainConfigSchema.parse({});

/**
 * Begins a draft of a training in the frame of the search that found its architecture: colour, noise map, resolution and stem.
 * Whatever is entered afterwards stands until another architecture or preset is chosen. A search that is gone has no say.
 */
export function useSearchFrame(draft: SettingsDraft, architecture: Readonly<Ref<Architecture | null>>): void {
  const { lab } = useLab();
  const frame = shallowRef<FrameSettings | null>(null);

  watch(
    () => architecture.value?.hash,
    async (hash) => {
      const origin = architecture.value?.origin;
      const found = origin?.kind === "derived" ? await findFrame(origin.runId) : null;
      if (architecture.value?.hash === hash) frame.value = found;
    },
    { immediate: true },
  );
  watch([frame, draft.preset], ([next, preset], [before]) => {
    if (preset === undefined || (next === null && before === null)) return;
    const settings = next ?? toFrameSettings(DEFAULTS.network);
    for (const [path, value] of Object.entries(settings)) {
      draft.set(path, value === settingAt(DEFAULTS, path) ? undefined : value);
    }
  });

  async function findFrame(runId: string): Promise<FrameSettings | null> {
    const setup = await lab.showRunSetup(runId).catch((failure: unknown) => {
      letPass("not_found", "interrupted")(failure);
      return null;
    });
    return setup?.kind === "search" ? toFrameSettings(setup.config.space) : null;
  }
}
