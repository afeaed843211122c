import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { writeNetwork } from "#main/compute/network/networkFile.ts";
import { createLab } from "#main/lab/lab.ts";
import { decodePhoto } from "#main/photos/decodePhoto.ts";
import type { Lab } from "#shared/api/lab.ts";
import { modelCardSchema } from "#shared/runs/modelCard.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeFolder, writeColourPhotos, writePhotos } from "#tests/helpers/labHome.ts";
import { drawNetwork, MIXED_GENOTYPE } from "#tests/main/compute/network/tinyNetwork.ts";

/** A lab with its real compute process. */
function open(home: string, shippedModelsFolder = join(home, "none")): { lab: Lab; said: string[] } {
  const said: string[] = [];
  const lab = createLab({ home, shippedModelsFolder, log: (line) => said.push(line) });
  onTestFinished(() => lab.close());
  return { lab, said };
}

async function writeSmallNetwork(folder: string, noiseMap = false): Promise<string> {
  const file = join(folder, "small.safetensors");
  const plan = planNetwork(MIXED_GENOTYPE, {
    filters: 2,
    stemChannels: 4,
    endpointChannels: 4,
    decoderChannels: 4,
    noiseMap,
  });
  await writeNetwork(file, drawNetwork(plan), {});
  return file;
}

describe("a model that leaves the lab", () => {
  it("comes back from its ONNX file as the same network, and denoises a photo the same by both engines", async () => {
    const folder = await makeFolder();
    const source = await writeSmallNetwork(folder, true);
    const { lab } = open(join(folder, "home"));
    const file = join(folder, "out.onnx");
    const words = { name: "small grey", noise: "gaussian", trainedSigma255: { from: 0, to: 50 } };
    const written = await lab.exportModel({ model: source, format: "onnx", file, card: words });
    expect(written.largestDifference).toBeLessThan(1e-4);
    const card = modelCardSchema.parse(JSON.parse(await readFile(written.cardFile, "utf8")));
    expect(card).toMatchObject({ ...words, hash: written.hash });

    const model = await lab.importModel({ file });
    expect(model).toMatchObject({ id: written.hash.slice(0, 8), source: "imported", name: "small grey", runId: null });
    expect(await lab.importModel({ file })).toEqual(model);
    expect(await lab.listModels()).toEqual([model]);
    expect((await lab.showModel("small grey")).card).toEqual(card);

    const photos = await writePhotos(join(folder, "photos"), 1, 64);
    const pictures = [];
    for (const denoisingEngine of ["onnxruntime", "tensorflow"] as const) {
      await lab.setPreferences({ denoisingEngine });
      for (const each of [source, "small grey"]) {
        const [done] = await lab.denoise(
          {
            model: each,
            inputs: [photos],
            selfEnsemble: false,
            device: null,
            outputFolder: await makeFolder(),
            strength: 1,
            memoryBudgetMb: 512,
            format: null,
            bitDepth: 16,
            addNoise: null,
            noiseSeed: 0,
            sigma255: 80,
          },
          () => undefined,
        );
        expect(done).toMatchObject({ error: null, engine: denoisingEngine });
        const remarks =
          each === source ? [] : ["the photo is said to have noise 80, and small grey was trained for 0 to 50"];
        expect(done?.remarks).toEqual(remarks);
        pictures.push((await decodePhoto(done?.output ?? "")).photo.data);
      }
    }
    for (const picture of pictures) expect(largestDifference(picture, pictures[0]!)).toBeLessThan(1e-4);

    await lab.removeModel("small grey");
    expect(await lab.listModels()).toEqual([]);
  }, 120_000);

  it("never goes over files that are there, and refuses a card that is none", async () => {
    const folder = await makeFolder();
    const model = await writeSmallNetwork(folder);
    const { lab } = open(join(folder, "home"));
    const wish = { model, format: "safetensors", card: {} } as const;
    await expect(lab.exportModel({ ...wish, file: model })).rejects.toMatchObject({ kind: "bad_config" });
    const file = join(folder, "a.safetensors");
    const refused = lab.exportModel({ ...wish, file, card: { figures: 3 } });
    await expect(refused).rejects.toThrow(/card must be as its schema says: figures/);
    expect(existsSync(file)).toBe(false);
  });

  it("is refused where it is not what it says", async () => {
    const folder = await makeFolder();
    const { lab } = open(join(folder, "home"));
    const file = join(folder, "text.onnx");
    await writeFile(file, "not a model");
    await expect(lab.importModel({ file })).rejects.toMatchObject({ kind: "bad_checkpoint" });
    await expect(lab.importModel({ file: join(folder, "none.onnx") })).rejects.toMatchObject({ kind: "not_found" });
    expect(await lab.listModels()).toEqual([]);
  });
});

describe("a model that came with the program", () => {
  it("denoises a photo that nobody named a model for, and stays", async () => {
    const folder = await makeFolder();
    const shipped = join(folder, "shipped");
    await mkdir(shipped);
    const { lab } = open(join(folder, "home"), shipped);
    const model = await writeSmallNetwork(folder);
    const card = { name: "grey", noise: "gaussian", trainedSigma255: { from: 0, to: 75 } };
    await lab.exportModel({ model, format: "safetensors", file: join(shipped, "grey.safetensors"), card });
    expect(await lab.listModels()).toMatchObject([{ name: "grey", source: "shipped" }]);
    await expect(lab.removeModel("grey")).rejects.toThrow("came with the program and stays");
    const photos = await writeColourPhotos(join(folder, "photos"), 1, 48);
    const suggested = await lab.suggestModel({ photo: join(photos, "colour-00.png"), sigma255: null });
    expect(suggested).toMatchObject({ model: { name: "grey" } });
    expect(suggested?.misfits).toEqual([expect.stringContaining("grey is for grey pictures")]);
  }, 60_000);
});
