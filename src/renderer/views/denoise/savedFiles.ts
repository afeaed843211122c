import type { DenoisedFileWish, DenoiseItem } from "#shared/api/denoising.ts";

/** How a result is saved. */
export type Saving = Omit<DenoisedFileWish, "task" | "item">;

/** How a result is saved, but for its strength. */
export type SavingChoice = Omit<Saving, "strength">;

export type FileFormat = NonNullable<Saving["format"]>;

const EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  png: ".png",
  tiff: ".tif",
  jpeg: ".jpg",
  webp: ".webp",
  avif: ".avif",
};

/** Suggests a place beside the photo; without a format the result gets the photo's own. */
export function suggestPath({ name, source }: DenoiseItem, format: FileFormat | null): string {
  return `${source.slice(0, -name.length)}${suggestName(name, format)}`;
}

/** Suggests a place in a folder. Results that would share a name, as those of several networks do, get names of their own. */
export function suggestPathAmong(
  items: readonly DenoiseItem[],
  item: DenoiseItem,
  folder: string,
  format: FileFormat | null,
): string {
  const name = suggestName(item.name, format);
  const isOnly = items.filter((other) => suggestName(other.name, format) === name).length === 1;
  const { stem, extension } = splitName(name);
  return joinPath(folder, isOnly ? name : `${stem}-${item.index}${extension}`);
}

function suggestName(name: string, format: FileFormat | null): string {
  const { stem, extension } = splitName(name);
  return `${stem}_hinas${format === null ? extension : EXTENSIONS[format]}`;
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const extension = /\.[^.]+$/.exec(name)?.[0] ?? EXTENSIONS.png;
  return { stem: name.replace(/\.[^.]+$/, ""), extension };
}

function joinPath(folder: string, name: string): string {
  const separator = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}
