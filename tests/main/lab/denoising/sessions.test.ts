import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { getOwnerTag } from "#main/files/processIdentity.ts";
import { denoisedFileSchema, denoiseRequestSchema } from "#shared/api/denoising.ts";
import type { Lab } from "#shared/api/lab.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { readFloats } from "#tests/helpers/pictures.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const PATIENCE = { timeout: 60_000 };
/** A number that no process has. */
const NO_PROCESS = 4_194_305;

async function denoise(lab: Lab, request: Parameters<typeof denoiseRequestSchema.parse>[0]): Promise<string> {
  const { id } = await lab.startDenoise(denoiseRequestSchema.parse(request));
  const find = async () => (await lab.listTasks()).find((task) => task.id === id);
  await expect.poll(async () => (await find())?.endedAt, PATIENCE).not.toBeNull();
  return id;
}

/** Two photos that are denoised, with added noise, in a lab of this home. */
async function prepare() {
  const home = await makeFolder();
  const photos = await writePhotos(await makeFolder(), 3);
  const { lab } = openLab(home);
  const model = await trainModel(lab, photos);
  const noise = { kind: "gaussian", sigma255: 30 };
  const task = await denoise(lab, {
    models: [model.id],
    inputs: ["photo-00.png", "photo-01.png"].map((name) => join(photos, name)),
    addNoise: noise,
  });
  return { home, photos, lab, model, task };
}

const sessionsOf = (home: string) => readdir(join(home, "sessions")).catch(() => []);

describe("results to look at", () => {
  it("are there again after the lab was closed: pixels, what is known of them, and what can be done with them", async () => {
    const { home, lab, task, model } = await prepare();
    const wish = { kind: "denoise", task, item: 1 } as const;
    const read = async (from: Lab) =>
      Promise.all((["clean", "input", "output"] as const).map((view) => readFloats(from, { ...wish, view })));
    const before = await read(lab);
    const { items } = await lab.listDenoiseItems({ task, offset: 0, limit: 10 });
    const [told] = await lab.listTasks();
    const file = await lab.renderDenoised(denoisedFileSchema.parse({ task, item: 1 }));
    await lab.close();

    const { lab: again } = openLab(home);
    expect(await read(again)).toEqual(before);
    expect((await again.listDenoiseItems({ task, offset: 0, limit: 10 })).items).toEqual(items);
    expect((await again.listTasks()).map(({ id, state, title, outcome }) => ({ id, state, title, outcome }))).toEqual([
      { id: task, state: "finished", title: told?.title, outcome: told?.outcome },
    ]);
    const saved = await again.renderDenoised(denoisedFileSchema.parse({ task, item: 1 }));
    expect(saved.name).toBe(file.name);
    expect(await sharp(saved.bytes).raw().toBuffer()).toEqual(await sharp(file.bytes).raw().toBuffer());
    const redone = await again.redenoise({ task, item: 0, model: model.id, sigma255: 12 });
    expect(redone).toMatchObject({ sigma255: 12, state: "done" });
    await again.close();

    const { lab: third } = openLab(home);
    await third.listTasks();
    expect((await third.listDenoiseItems({ task, offset: 0, limit: 1 })).items).toEqual([redone]);
    await third.dismissTask(task);
    expect(await sessionsOf(home)).toEqual([]);
  });

  it("are there again after a kill, and what was not done by then is told so", async () => {
    const { home, task } = await prepare();
    // What a killed process leaves behind: its name on what it kept, and half of a line.
    const copy = await makeFolder();
    await cp(home, copy, { recursive: true });
    const [session = ""] = await sessionsOf(copy);
    const folder = join(copy, "sessions", session);
    const dead = getOwnerTag().replace(/-\d+-/, `-${NO_PROCESS}-`);
    await rename(join(folder, `owner-${getOwnerTag()}`), join(folder, `owner-${dead}`));
    const lines = join(folder, "results.jsonl");
    const text = await readFile(lines, "utf8");
    await writeFile(lines, text.slice(0, text.indexOf("\n") + 40));

    const { lab } = openLab(copy);
    expect(await lab.listTasks()).toMatchObject([{ id: task, state: "cancelled" }]);
    const { items } = await lab.listDenoiseItems({ task, offset: 0, limit: 10 });
    expect(items.map(({ state }) => state)).toEqual(["done", "waiting"]);
    await readFloats(lab, { kind: "denoise", task, item: 0, view: "output" });
  });

  it("of a lab that is open belong to it alone", async () => {
    const { home } = await prepare();
    const { lab: other } = openLab(home);
    expect(await other.listTasks()).toEqual([]);
  });

  it("whose pixels somebody removed are told as failed", async () => {
    const { home, lab, task } = await prepare();
    await lab.close();
    const [session = ""] = await sessionsOf(home);
    const folder = join(home, "sessions", session);
    const pixels = (await readdir(folder)).filter((name) => name.endsWith(".f32"));
    await Promise.all(pixels.map((name) => rm(join(folder, name))));
    const { lab: again } = openLab(home);
    await again.listTasks();
    const { items } = await again.listDenoiseItems({ task, offset: 0, limit: 10 });
    expect(items.map(({ error }) => error)).toEqual(Array(2).fill("its result is not there any more"));
  });
});
