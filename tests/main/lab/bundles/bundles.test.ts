import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { describe, expect, it } from "vitest";
import { fromBufferPromise } from "yauzl";

import { packZip } from "#main/files/zip.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { unpackZip } from "#tests/helpers/unpackZip.ts";

async function prepare() {
  const { lab } = openLab(await makeFolder());
  await lab.addDataset({ name: "mine", folder: await writePhotos(await makeFolder(), 4), noisyFolder: null });
  const config = { name: "found it", data: { dataset: "mine", validationShare: 0.25 }, space: { layers: 1, nodes: 1 } };
  const search = await lab.startSearch(searchConfigSchema.parse(config));
  await lab.waitForRun(search.id);
  await lab.labelRun({ id: search.id, label: { name: "mine, starred", tags: ["paper"], note: "" } });
  return { lab, search };
}

async function readZip(bytes: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

describe("a bundle", () => {
  it("holds a search with its environment and the facts of its photos, and opens in another lab as it was", async () => {
    const { lab, search } = await prepare();
    const file = join(await makeFolder(), "run.zip");
    await lab.writeBundle(search.id, file);
    await expect(lab.writeBundle(search.id, file)).rejects.toThrow("exists already");
    const names = [...(await unpackZip(await readFile(file))).keys()];
    expect(names).toEqual(
      expect.arrayContaining(["bundle.json", "data.json", "environment.json", "run/resolved.json", "run/events.jsonl"]),
    );
    expect(names).not.toContain("run/control.json");
    const { lab: other } = openLab(await makeFolder());
    const run = await other.importBundle({ file });
    expect(run).toMatchObject({ id: search.id, kind: "search", state: "finished", name: "mine, starred" });
    expect(await other.listRuns()).toHaveLength(1);
    expect((await other.derive(search.id, null)).hash).toBe((await lab.derive(search.id, null)).hash);
    expect(await other.readRunEvents(search.id)).toEqual(await lab.readRunEvents(search.id));
    await expect(other.importBundle({ file })).rejects.toThrow(`run ${search.id} is in this lab already`);
  });

  it("is refused where a file is not what its hash says, or leads out of it, and leaves nothing behind", async () => {
    const { lab, search } = await prepare();
    const packed = await readZip(Buffer.from(await lab.packBundle(search.id), "base64"));
    const folder = await makeFolder();
    const repack = async (name: string, change: (files: Map<string, Buffer>) => void): Promise<string> => {
      const files = new Map(packed);
      change(files);
      const file = join(folder, name);
      await writeFile(file, packZip([...files].map(([path, content]) => ({ path, content }))));
      return file;
    };
    const { lab: other } = openLab(await makeFolder());
    const log = await repack("log.zip", (files) => files.set("run/log.txt", Buffer.from("another")));
    await expect(other.importBundle({ file: log })).rejects.toThrow("run/log.txt in the bundle must have the hash");
    const outside = await repack("outside.zip", (files) =>
      files.set(
        "bundle.json",
        Buffer.from(String(files.get("bundle.json")).replace("run/log.txt", "run/../../log.txt")),
      ),
    );
    await expect(other.importBundle({ file: outside })).rejects.toThrow("a path inside the bundle");
    const bare = await repack("bare.zip", (files) => files.delete("bundle.json"));
    await expect(other.importBundle({ file: bare })).rejects.toThrow("must have a file bundle.json");
    const none = join(folder, "none.zip");
    await writeFile(none, "hello");
    await expect(other.importBundle({ file: none })).rejects.toThrow("must be a ZIP");
    expect(await other.listRuns()).toEqual([]);
  });
});
