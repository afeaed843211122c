import { useStorage } from "@vueuse/core";

import { savingSchema } from "#shared/api/saving.ts";

import type { SavingChoice } from "./savedFiles.ts";

const schema = savingSchema.omit({ strength: true });

/** How this person last saved results: what they choose about format and metadata is kept for the next time. */
export function useSavingChoice() {
  return useStorage<SavingChoice>("hinas.denoise.saving", { format: null, bitDepth: null }, undefined, {
    serializer: {
      read: (text) => {
        const kept = schema.safeParse(parse(text));
        return kept.success ? kept.data : { format: null, bitDepth: null };
      },
      write: JSON.stringify,
    },
  });
}

/** What an older version has kept, or another program, is forgotten. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
