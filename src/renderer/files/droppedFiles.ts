/** A file or folder that was dropped itself. It has two faces: a path where the desktop tells it, and else files to be read and sent. */
export interface DroppedRoot {
  readonly file: File;
  readonly isFolder: boolean;
  /** The file itself, or the photos in the folder in the order of their names. */
  readPhotos(): Promise<readonly File[]>;
}

/** What a room takes of the files that are dropped on the window; all others are photos to denoise. */
export interface DropClaim {
  /** Shown while files that may be its own hover over the window. */
  readonly hint: string;
  /** Judges by a MIME type, all that a browser tells before the drop; folders have none. */
  mayOwn(type: string): boolean;
  owns(root: DroppedRoot): boolean;
  take(roots: readonly DroppedRoot[]): void;
}

/** Takes hold of what was dropped; must be called while the drop is handled. Empty where nothing but text or links came. */
export function takeDroppedFiles(data: DataTransfer | null): readonly DroppedRoot[] {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file");
  return items.flatMap((item) => {
    const [file, entry] = [item.getAsFile(), item.webkitGetAsEntry()];
    if (file === null) return [];
    // What has no entry, such as a picture dragged out of another page, is a file all the same.
    const readPhotos = async () => (entry === null ? [file] : readEntry(entry));
    return { file, isFolder: entry?.isDirectory === true, readPhotos };
  });
}

/** Tells whether all that hovers may be the room's own. */
export function isOwnHover(claim: DropClaim | null, types: readonly string[]): boolean {
  return claim !== null && types.length > 0 && types.every((type) => claim.mayOwn(type));
}

/** Parts what was dropped into the room's own and the rest. */
export function splitDrop(
  claim: DropClaim | null,
  roots: readonly DroppedRoot[],
): { readonly own: readonly DroppedRoot[]; readonly others: readonly DroppedRoot[] } {
  const own = claim === null ? [] : roots.filter((root) => claim.owns(root));
  return { own, others: roots.filter((root) => !own.includes(root)) };
}

/** Folders are walked to their ends; what the browser does not take for a picture is passed over there. */
async function readEntry(entry: FileSystemEntry): Promise<readonly File[]> {
  if (entry.isFile) return [await getFile(entry as FileSystemFileEntry)];
  const children = await readFolder((entry as FileSystemDirectoryEntry).createReader());
  const files = (await Promise.all(children.map(readEntry))).flat();
  return files.filter(({ type }) => type.startsWith("image/"));
}

/** A reader gives some entries at a time, and none at the end. */
async function readFolder(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all.sort((a, b) => a.name.localeCompare(b.name));
    all.push(...some);
  }
}

function getFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
