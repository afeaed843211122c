import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { createWorkFolder, withWorkFiles } from "#main/lab/tasks/workFolder.ts";

describe("the work folder", () => {
  it("refuses files that together are larger than its room, until others go, and leaves nothing when it is closed", async () => {
    const work = createWorkFolder(1_000);
    const first = await work.newFile(".f32", 600);
    await writeFile(first, new Uint8Array(600));
    await expect(work.newFile(".f32", 500)).rejects.toMatchObject({
      kind: "disk",
      message: expect.stringContaining("results to look at may take 1 MB together, and would take 1 MB") as string,
    });
    await rm(first);
    await writeFile(await work.newFile(".f32", 500), new Uint8Array(500));
    await work.close();
    expect(existsSync(dirname(first))).toBe(false);
  });

  it("lends files to a piece of work and takes them back also where that fails", async () => {
    const work = createWorkFolder();
    onTestFinished(() => work.close());
    const lent: string[] = [];
    const failing = withWorkFiles(work, [".f32", ".npy"], async ([first, second]) => {
      lent.push(first, second);
      await writeFile(first, "half");
      throw new Error("the work failed");
    });
    await expect(failing).rejects.toThrow("the work failed");
    expect(lent.map((file) => [extname(file), existsSync(file)])).toEqual([
      [".f32", false],
      [".npy", false],
    ]);
  });
});
