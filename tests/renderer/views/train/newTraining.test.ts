// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { Architecture } from "#shared/api/architectures.ts";
import type { RunSetup } from "#shared/api/runs.ts";
import { searchConfigSchema, trainConfigSchema } from "#shared/runs/config.ts";
import { genotypeHash } from "#shared/space/spaces/spaces.ts";
import NewTrainingView from "#renderer/views/train/NewTrainingView.vue";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const HASH = genotypeHash(TINY_GENOTYPE);

const search = (seed: number, dataset: string, sigma255: number): RunSetup => ({
  kind: "search",
  config: searchConfigSchema.parse({ seed, data: { dataset }, noise: { kind: "gaussian", sigma255 } }),
});
const SETUPS = new Map<string, RunSetup>([
  ["01FIRST", search(1, "day", 10)],
  ["01SECOND", search(2, "night", 40)],
  ["01TRAINED", { kind: "train", config: trainConfigSchema.parse({ seed: 9 }), genotype: TINY_GENOTYPE }],
]);

/** Opens the form at an address and returns what tells the values that it asked the lab about last. */
async function openForm(address: string): Promise<() => unknown> {
  const asked: unknown[] = [];
  const architecture: Partial<Architecture> = {
    ...{ hash: HASH, name: "Tiny", genotype: TINY_GENOTYPE, addedAt: "2026-11-30T10:00:00.000Z", trainings: [] },
    origin: { kind: "derived", runId: "01FIRST", runName: "first", epoch: 3 },
  };
  const { router, shown } = await showInWindow(
    {
      components: { NewTrainingView },
      data: () => ({ isThere: false }),
      template: "<NewTrainingView v-if='isThere' />",
    },
    {},
    {
      listArchitectures: async () => [architecture as Architecture],
      listRuns: async () => [],
      listPresets: async () => [],
      showRunSetup: async (id) => {
        const setup = SETUPS.get(id);
        if (setup === undefined) throw new Error(`${id} is gone`);
        return setup;
      },
      resolveSettings: async ({ values }) => {
        asked.push(values);
        return { kind: "train", settings: null, problems: [], yaml: "", command: "" };
      },
    },
  );
  await router.push(address);
  await shown.setData({ isThere: true });
  await flushPromises();
  return () => asked.at(-1);
}

const carried = (seed: number, dataset: string, sigma255: number) =>
  expect.objectContaining({
    seed,
    "data.dataset": dataset,
    "noise.kind": "gaussian",
    "noise.sigma255": sigma255,
  }) as unknown;

describe("a new training of what was derived", () => {
  it("takes data set, noise and seed of the search that leads to it, though another found the same first", async () => {
    await expect
      .poll(await openForm(`/train/new?architecture=${HASH}&search=01SECOND`))
      .toEqual(carried(2, "night", 40));
  });

  it("takes those of the search that it comes from where none leads to it", async () => {
    await expect.poll(await openForm(`/train/new?architecture=${HASH}`)).toEqual(carried(1, "day", 10));
  });

  it("takes nothing of a search that is gone", async () => {
    await expect.poll(await openForm(`/train/new?architecture=${HASH}&search=01GONE`)).toEqual({});
  });

  it("takes all settings of a training that is done again with changes", async () => {
    await expect
      .poll(await openForm("/train/new?again=01TRAINED"))
      .toMatchObject({ seed: 9, "training.steps": 600_000 });
  });
});
