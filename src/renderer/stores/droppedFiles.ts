/** A drop has two faces: files with paths where the desktop tells them, and else files to be read and sent. */
export interface DroppedFiles {
  /** What was dropped itself: photos and folders. */
  readonly roots: readonly File[];
  /** The photos that were dropped and those in the folders, in the order of their names. */
  readPhotos(): Promise<readonly File[]>;
}

/** Takes hold of what was dropped; must be called while the drop is handled. Null where nothing but text or links came. */
export function takeDroppedFiles(data: DataTransfer | null): DroppedFiles | null {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file");
  if (items.length === 0) return null;
  const taken = items.map((item) => ({ file: item.getAsFile(), entry: item.webkitGetAsEntry() }));
  return {
    roots: taken.flatMap(({ file }) => file ?? []),
    readPhotos: async () => {
      // What has no entry, such as a picture dragged out of another page, is a file all the same.
      const read = taken.map(async ({ file, entry }) => (entry === null ? [file] : readEntry(entry)));
      return (await Promise.all(read)).flat().filter((file) => file !== null);
    },
  };
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
