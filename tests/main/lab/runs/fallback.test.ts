import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach, describe, expect, it, vi } from "vitest";

import type { EngineFacts } from "#shared/api/doctor.ts";
import { evaluationConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

const WARNING = expect.stringMatching(
  /TensorFlow does not run here, so plain JavaScript .*: no such library/,
) as string;

describe("a lab in which plain JavaScript computes", () => {
  beforeEach(() => {
    vi.stubEnv("FALLBACK_REASON", "no such library");
    return () => void vi.unstubAllEnvs();
  });

  it("warns in each run, with the reason, and writes it down with the engine's facts", async () => {
    const { lab } = openLab(await makeFolder());
    const dataset = await writePhotos(await makeFolder(), 3);
    const { id, folder } = await lab.startTraining(trainConfigSchema.parse({ data: { dataset } }), TINY_GENOTYPE);
    await lab.waitForRun(id);
    const warning = (await lab.readRunEvents(id)).find((event) => event.type === "log");
    expect(warning).toMatchObject({ level: "warning", message: WARNING });
    expect(await readFile(join(folder, "log.txt"), "utf8")).toContain(`warning: ${warning?.message}\n`);
    const { engine } = JSON.parse(await readFile(join(folder, "env.json"), "utf8")) as { engine: EngineFacts };
    expect(engine).toMatchObject({ backend: "cpu", fallbackReason: "no such library" });
  });

  it("warns in each task, with the reason", async () => {
    const { lab, said } = openLab(await makeFolder());
    const dataset = await writePhotos(await makeFolder(), 3);
    const { id } = await lab.startTraining(trainConfigSchema.parse({ data: { dataset } }), TINY_GENOTYPE);
    await lab.waitForRun(id);
    expect(said).not.toContainEqual(WARNING);
    await lab.evaluate(id, evaluationConfigSchema.parse({ data: { dataset } }), null);
    expect(said.filter((line) => line.includes("no such library"))).toEqual([WARNING]);
  });

  it("chooses the small demo", async () => {
    const { lab } = openLab(await makeFolder());
    expect(await lab.chooseDemoPreset()).toBe("demo-cpu");
  });
});

describe("a lab in which TensorFlow computes", () => {
  it("chooses the large demo and warns of nothing", async () => {
    const { lab, said } = openLab(await makeFolder());
    expect(await lab.chooseDemoPreset()).toBe("demo");
    expect(said.join()).not.toContain("warning");
  });
});
