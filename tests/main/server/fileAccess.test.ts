import { symlink } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { toPicturePath } from "#shared/api/pictures.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { ask, connectWindow, openServer } from "#tests/helpers/labServer.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

describe("pictures", () => {
  it("are never of files outside a data set, wherever its links lead", async () => {
    const outside = await writePhotos(await makeFolder(), 1);
    const folder = await writePhotos(await makeFolder(), 3);
    await symlink(join(outside, "photo-00.png"), join(folder, "aa-link.png"));
    const { lab, server } = await openServer(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const statusOf = async (photo: string) =>
      (await ask(server.port, toPicturePath({ kind: "photo", dataset: "mine", photo }, server.token))).status;
    expect(await statusOf("photo-00.png")).toBe(200);
    expect(await statusOf("aa-link.png")).toBe(403);
    expect(await statusOf(`../${outside.split("/").at(-1)}/photo-00.png`)).toBe(404);
    expect(await statusOf(join(outside, "photo-00.png"))).toBe(404);
    const noise = { kind: "gaussian", sigma255: 30 } as const;
    const seen = { dataset: "mine", noise, seed: 0, view: "clean" } as const;
    const statusOfRef = async (ref: Parameters<typeof toPicturePath>[0]) =>
      (await ask(server.port, toPicturePath(ref, server.token))).status;
    expect(await statusOfRef({ kind: "noise", photo: "photo-00.png", ...seen })).toBe(200);
    expect(await statusOfRef({ kind: "noise", photo: "aa-link.png", ...seen })).toBe(403);
    const { augmentation } = searchConfigSchema.parse({});
    const statusOfPatch = (index: number) => {
      const drawn = { set: "training", validationShare: 0.25, augmentation, patchSize: 16, step: 0 } as const;
      return statusOfRef({ kind: "patch", ...drawn, batchSize: 3, index, ...seen });
    };
    // An epoch has each of the three training photos once.
    expect((await Promise.all([0, 1, 2].map(statusOfPatch))).sort()).toEqual([200, 200, 403]);
    const { lab: window } = await connectWindow(server);
    await expect(
      window.measureNoise({ photo: "aa-link.png", dataset: "mine", channels: 1, noise, seed: 0 }),
    ).rejects.toMatchObject({
      kind: "permission",
    });
  });
});

describe("paths that windows name", () => {
  it("must lie in the lab's home, in a data set or among the uploads", async () => {
    const outside = await writePhotos(await makeFolder(), 1);
    const folder = await writePhotos(await makeFolder(), 3);
    const home = await makeFolder();
    const { lab, server } = await openServer(home);
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    await symlink(outside, join(folder, "way-out"));
    const window = await connectWindow(server);
    const denoise = (input: string, output: string | null = null, model = "01AB") =>
      window.lab.startDenoise({
        models: [model],
        inputs: [input],
        output: output === null ? { kind: "look" } : { kind: "folder", folder: output },
      });
    const refused = { kind: "permission" };
    await expect(denoise(folder)).rejects.toMatchObject({ ...refused, message: expect.stringContaining("way-out") });
    await expect(denoise(join(outside, "photo-00.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "way-out", "photo-00.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "..", "x.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "photo-00.png"), join(outside, "results"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "photo-00.png"), null, "/etc/model.safetensors")).rejects.toMatchObject(refused);
    await expect(window.lab.saveDenoised({ task: "t", item: 0, file: join(outside, "x.png") })).rejects.toMatchObject(
      refused,
    );
    const saved = { task: "t", item: 0 };
    await expect(window.lab.saveDenoised({ ...saved, file: join(home, "x.sqlite") })).rejects.toMatchObject(refused);
    const over = window.lab.saveDenoised({ ...saved, file: join(folder, "photo-00.png"), overwrite: true });
    await expect(over).rejects.toMatchObject(refused);
    // These are let through, and fail later for want of such a model.
    const unknown = { kind: "not_found", message: expect.stringContaining("01AB") };
    await expect(denoise(join(folder, "photo-00.png"))).rejects.toMatchObject(unknown);
    await expect(denoise(join(home, "x.png"), join(home, "new", "folder"))).rejects.toMatchObject(unknown);
  });
});

describe("data sets that windows name", () => {
  it("are the built-in one or registered, never a folder", async () => {
    const outside = await writePhotos(await makeFolder(), 3);
    const { lab, server } = await openServer(await makeFolder());
    await lab.addDataset({ name: "mine", folder: outside, noisyFolder: null });
    const { lab: window } = await connectWindow(server);
    const refused = {
      kind: "permission",
      message: expect.stringContaining(`data.dataset must be one of sample, mine, got ${outside}`),
    };
    const data = { dataset: outside };
    await expect(window.startSearch({ data })).rejects.toMatchObject(refused);
    await expect(window.startTraining({ data }, TINY_GENOTYPE)).rejects.toMatchObject(refused);
    const yaml = `name: hidden\nseeds: 1\naxes: { budget: { a: { data: { dataset: ${outside} } } } }`;
    await expect(window.previewStudy({ yaml })).rejects.toMatchObject(refused);
    await expect(window.startStudy({ yaml })).rejects.toMatchObject(refused);
    await expect(window.startEvaluation({ model: "01AB", configs: [{}, { data }] })).rejects.toMatchObject(refused);
    await expect(
      window.startEvaluation({ model: "01AB", configs: [{ data: { dataset: "mine" } }] }),
    ).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("trainings that windows start", () => {
  it("begin with a network of the lab, not with a file from elsewhere", async () => {
    const outside = await makeFolder();
    const { server } = await openServer(await makeFolder());
    const { lab: window } = await connectWindow(server);
    for (const startFrom of [join(outside, "a.safetensors"), "/etc/hostname"]) {
      await expect(window.startTraining({ training: { startFrom } }, TINY_GENOTYPE)).rejects.toMatchObject({
        kind: "permission",
        message: expect.stringContaining(`a network must be named, not given as the file ${startFrom}`) as string,
      });
    }
  });
});

describe("folders that windows look into", () => {
  it("lie below the roots, and become data sets nowhere else, wherever links lead", async () => {
    const root = await makeFolder();
    const inside = await writePhotos(join(root, "inside"), 2);
    const outside = await writePhotos(await makeFolder(), 2);
    const known = await writePhotos(await makeFolder(), 2);
    await symlink(outside, join(root, "way-out"));
    const { lab, server } = await openServer(await makeFolder(), { photoRoots: [root] });
    await lab.addDataset({ name: "known", folder: known, noisyFolder: null });
    const window = await connectWindow(server);
    const add = (folder: string, noisyFolder: string | null = null) =>
      window.lab.importDataset({ name: "mine", folder, noisyFolder });
    const refused = { kind: "permission", message: expect.stringContaining("--photos") };
    for (const place of [outside, join(root, "way-out"), join(root, ".."), "/"]) {
      await expect(add(place)).rejects.toMatchObject(refused);
      await expect(add(inside, place)).rejects.toMatchObject(refused);
      await expect(window.lab.browseFolder(place)).rejects.toMatchObject(refused);
      const moved = { folder: place, noisyFolder: null };
      await expect(window.lab.relocateDataset("known", moved)).rejects.toMatchObject(refused);
    }
    expect(await window.lab.browseFolder(null)).toMatchObject({ folder: root, parent: null });
    expect(await window.lab.browseFolder(inside)).toMatchObject({ parent: root, photos: 2 });
    expect(await window.lab.browseFolder(known)).toMatchObject({ parent: null, photos: 2 });
    await add(inside);
    await expect.poll(() => lab.listDatasetNames()).toContain("mine");
  });
});
