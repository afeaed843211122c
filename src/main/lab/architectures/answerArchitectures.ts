import type { LabContext } from "#main/lab/labContext.ts";
import type { Lab } from "#shared/api/lab.ts";

import * as architectures from "./architectures.ts";
import { derive } from "./derivations.ts";

/** Answers what is asked of architectures. */
export function answerArchitectures(context: LabContext) {
  return {
    derive: (id, epoch) => derive(context, id, epoch),
    listArchitectures: context.listArchitectures,
    showArchitecture: (hash) => architectures.showArchitecture(context, hash),
    importArchitecture: (file) => architectures.importArchitecture(context, file),
    exportArchitecture: async (hash) => architectures.exportArchitecture(context, hash),
    editArchitecture: (edit) => architectures.editArchitecture(context, edit),
    renameArchitecture: (hash, name) => architectures.renameArchitecture(context, hash, name),
    removeArchitecture: (hash) => architectures.removeArchitecture(context, hash),
  } satisfies Partial<Lab>;
}
