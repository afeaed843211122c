import { describe, expect, it } from "vitest";

import {
  type DropClaim,
  type DroppedRoot,
  isOwnHover,
  splitDrop,
  takeDroppedFiles,
} from "#renderer/files/droppedFiles.ts";

const FOLDERS: DropClaim = {
  hint: "Drop folders",
  mayOwn: (type) => type === "",
  owns: ({ isFolder }) => isFolder,
  take: () => undefined,
};

function makeRoot(name: string, isFolder: boolean): DroppedRoot {
  const file = new File([], name);
  return { file, isFolder, readPhotos: async () => [file] };
}

/** What a browser hands over: a file and an entry for each thing that was dropped. */
function makeTransfer(...roots: readonly (readonly [name: string, isDirectory: boolean | null])[]): DataTransfer {
  const items = roots.map(([name, isDirectory]) => ({
    kind: "file",
    getAsFile: () => new File([], name),
    webkitGetAsEntry: () => (isDirectory === null ? null : { isDirectory, isFile: !isDirectory }),
  }));
  return { items } as unknown as DataTransfer;
}

describe("a drop", () => {
  it("is parted into what the room takes and photos to denoise", () => {
    const roots = [makeRoot("first", true), makeRoot("photo.png", false), makeRoot("second", true)];
    const { own, others } = splitDrop(FOLDERS, roots);
    expect(own.map(({ file }) => file.name)).toEqual(["first", "second"]);
    expect(others.map(({ file }) => file.name)).toEqual(["photo.png"]);
  });

  it("is all photos where the room takes nothing", () => {
    const roots = [makeRoot("first", true), makeRoot("genotype.json", false)];
    expect(splitDrop(null, roots)).toEqual({ own: [], others: roots });
  });

  it("tells folders from files, and a picture out of a page is a file", () => {
    const taken = takeDroppedFiles(makeTransfer(["inner", true], ["a.png", false], ["b.png", null]));
    expect(taken.map(({ file, isFolder }) => [file.name, isFolder])).toEqual([
      ["inner", true],
      ["a.png", false],
      ["b.png", false],
    ]);
    expect(takeDroppedFiles(null)).toEqual([]);
  });
});

describe("what hovers", () => {
  it("is promised to the room only where all of it may be the room's own", () => {
    expect(isOwnHover(FOLDERS, ["", ""])).toBe(true);
    expect(isOwnHover(FOLDERS, ["", "image/png"])).toBe(false);
    expect(isOwnHover(FOLDERS, [])).toBe(false);
    expect(isOwnHover(null, [""])).toBe(false);
  });
});
