import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";

/** Follows all links of a path, of which the end need not exist yet. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await resolveLinks(parent), basename(path));
  }
}

/** Tells whether a path is one of some folders or lies inside one, wherever links lead. */
export async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  const [real, ...open] = await Promise.all([path, ...folders].map(resolveLinks));
  return open.some((folder) => real === folder || real?.startsWith(`${folder}${sep}`));
}
