import { cp, mkdir, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readCardInside } from "#main/export/cardInside.ts";
import { openModelFolders } from "#main/store/cards/modelFolders.ts";
import { getShippedModelsFolder } from "#main/store/labHome.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { writeTinyModel } from "#tests/helpers/shippedModels.ts";

async function open() {
  const home = await makeFolder();
  const shippedFolder = join(home, "shipped");
  const places = { folder: join(home, "models"), shippedFolder, trash: join(home, "trash"), readCardInside };
  return { folders: openModelFolders(places), shippedFolder };
}

describe("models that come with the program", () => {
  it("are the safetensors and ONNX files of their folder, each with the card that stands inside", async () => {
    const { folders, shippedFolder } = await open();
    expect(await folders.list()).toEqual({ models: [], problems: [] });
    const grey = await writeTinyModel(shippedFolder, "grey");
    const colour = await writeTinyModel(shippedFolder, "colour", { imageChannels: 3, format: "onnx" });
    await writeFile(join(shippedFolder, "grey.json"), "the card beside is not needed");
    await writeFile(join(shippedFolder, "README.md"), "how they were made");
    const { models, problems } = await folders.list();
    expect(problems).toEqual([]);
    expect(models.map(({ card, source, file }) => [card.name, source, file])).toEqual([
      ["colour", "shipped", colour],
      ["grey", "shipped", grey],
    ]);
    expect(models[0]?.card.network).toMatchObject({ imageChannels: 3, noiseMap: true });
  });

  it("are one where the same network lies there in both formats", async () => {
    const { folders, shippedFolder } = await open();
    await writeTinyModel(shippedFolder, "grey", { format: "onnx" });
    await writeTinyModel(shippedFolder, "grey");
    expect((await folders.list()).models).toHaveLength(1);
  });

  it("are read anew where a file was replaced", async () => {
    const { folders, shippedFolder } = await open();
    const file = await writeTinyModel(shippedFolder, "grey");
    const before = (await folders.list()).models[0]?.card.hash;
    await rename(await writeTinyModel(join(shippedFolder, "next"), "grey", { seed: 2, unshuffle: 2 }), file);
    expect((await folders.list()).models[0]?.card.hash).not.toBe(before);
  });

  it("leave the others alone where one is damaged or has no card, and say so", async () => {
    const { folders, shippedFolder } = await open();
    const whole = await writeTinyModel(shippedFolder, "whole");
    await cp(whole, join(shippedFolder, "short.safetensors"));
    await truncate(join(shippedFolder, "short.safetensors"), 100);
    await writeFile(join(shippedFolder, "text.onnx"), "no model");
    await writeFile(join(shippedFolder, "empty.safetensors"), "");
    const text = (await readFile(whole)).toString("latin1").replaceAll('"card"', '"Card"');
    await writeFile(join(shippedFolder, "bare.safetensors"), Buffer.from(text, "latin1"));
    await mkdir(join(shippedFolder, "folder.onnx"));
    const { models, problems } = await folders.list();
    expect(models.map(({ card }) => card.name)).toEqual(["whole"]);
    expect(problems).toEqual([
      expect.stringContaining("bare.safetensors must have a card inside"),
      expect.stringContaining("empty.safetensors must be a safetensors file with a header"),
      expect.stringContaining("folder.onnx"),
      expect.stringContaining("short.safetensors must be a whole safetensors file"),
      expect.stringContaining("text.onnx must be a whole ONNX file"),
    ]);
  });

  it("lie in a folder that the environment may name", () => {
    expect(getShippedModelsFolder("/program/resources", {})).toBe("/program/resources/models");
    expect(getShippedModelsFolder("/program/resources", { HINAS_MODELS: "/mine" })).toBe("/mine");
  });
});
