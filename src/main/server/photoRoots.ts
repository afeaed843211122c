import { homedir } from "node:os";

import { isInside } from "#main/files/innerPath.ts";
import type { Lab } from "#shared/api/lab.ts";

/** Where windows from afar may look for photos unless somebody says otherwise: the folder of the person who serves. */
export function getDefaultRoots(): readonly string[] {
  return [homedir()];
}

/** Returns the lab with a look into folders that begins in the roots and shows no way above them. */
export function limitBrowsing(lab: Lab, roots: readonly string[]): Lab {
  const begin = async (): Promise<string | null> => ((await isInside(homedir(), roots)) ? null : (roots[0] ?? null));
  return {
    ...lab,
    browseFolder: async (path) => {
      const view = await lab.browseFolder(path ?? (await begin()));
      const isOpen = view.parent !== null && (await isInside(view.parent, roots));
      return { ...view, parent: isOpen ? view.parent : null };
    },
  };
}
