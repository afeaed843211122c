import { z } from "zod";

const namesSchema = z.record(z.string(), z.string()).default({});
const entrySchema = z.looseObject({
  dependencies: namesSchema,
  optionalDependencies: namesSchema,
  peerDependencies: namesSchema,
});

/** What package-lock.json says of the packages that are installed, by their folder. */
export const packageLockSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });
type PackageLock = Readonly<z.infer<typeof packageLockSchema>>;

/** What only windows and other engines need, and the Node that is packed by itself. Runs on a node are proved to do without. */
const NOT_ON_NODES =
  /^(@fontsource-variable\/|@lucide\/|@tanstack\/|@vueuse\/|chart\.js$|pinia$|reka-ui$|vue$|vue-router$|onnxruntime-|node-(linux|win)-)/;

const FOLDER = "node_modules/";

/** Lists the folders in `node_modules` that a run needs, each with what lies in it: the program's own packages and all that those need. */
export function listNodePackages({ packages }: PackageLock): readonly string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    const entry = packages[path];
    if (entry === undefined || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = entry;
    for (const name of Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies })) {
      if (!NOT_ON_NODES.test(name)) visit(resolvePackage(packages, path, name) ?? "");
    }
  };
  visit("");
  found.delete("");
  return [...new Set([...found].map(toTopFolder))].toSorted();
}

/** Finds a package as Node does: beside the one that needs it, and then outwards. */
function resolvePackage(packages: PackageLock["packages"], from: string, name: string): string | null {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf(`/${FOLDER}`)))) {
    const path = `${place === "" ? "" : `${place}/`}${FOLDER}${name}`;
    if (packages[path] !== undefined) return path;
    if (place === "") return null;
  }
}

/** `@a/b` of `node_modules/@a/b/node_modules/c`. */
function toTopFolder(path: string): string {
  const [first = "", second = ""] = path.slice(FOLDER.length).split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}
