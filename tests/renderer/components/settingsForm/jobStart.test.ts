// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";

import type { DatasetReport } from "#shared/api/datasets.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import type { CostEstimate } from "#shared/api/settings.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import NewSearchView from "#renderer/views/search/NewSearchView.vue";
import { findOpened, nameOf, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const DAY = 24 * 60 * 60;
const basis = { runs: 0, isSameSize: false, otherKind: null, timed: null };

function estimate(changes: Partial<CostEstimate>): CostEstimate {
  return {
    parameters: 1,
    multiplyAddsPerPixel: 1,
    totalSteps: 1,
    memoryMb: 1,
    memoryAvailableMb: 2,
    secondsPerStep: null,
    totalSeconds: null,
    usualSeconds: 60,
    basis,
    ...changes,
  };
}

/** A form for a new search, with what the lab was asked. */
async function showForm(rough: CostEstimate, timed: CostEstimate) {
  const started: unknown[] = [];
  const asked: unknown[] = [];
  const settings = searchConfigSchema.parse({});
  const dataset = (name: string, addedAt: string) => ({ name, addedAt, photos: 5, isMissing: false }) as DatasetReport;
  const { button, router } = await showInWindow(
    NewSearchView,
    {},
    {
      listDatasets: async () => [
        dataset("newer", "2026-11-30T00:00:00.000Z"),
        dataset("older", "2026-11-01T00:00:00.000Z"),
      ],
      listRuns: async () => [],
      listPresets: async () => [{ name: "scales-grey", kind: "search", description: "A search.", yaml: "" }],
      resolveSettings: async (wish) => {
        asked.push(wish);
        return { kind: "search", settings, problems: [], yaml: "", command: "" };
      },
      estimateCost: async () => rough,
      timeJob: async () => timed,
      startSearch: async (config) => {
        started.push(config);
        return { id: "01RUN", kind: "search", createdAt: "" } as RunSummary;
      },
    },
  );
  await flushPromises();
  const start = async () => {
    await button("Start the search").trigger("click");
    await flushPromises();
  };
  const answer = async (name: string) => {
    (await findOpened("[role=alertdialog] button")).find((each) => nameOf(each) === name)?.click();
    await flushPromises();
  };
  return { started, asked, start, answer, router };
}

describe("the start of a job", () => {
  it("asks where it takes more than a day, as its own steps say", async () => {
    const long = estimate({ totalSeconds: 13 * DAY + 9 * 3600, basis: { ...basis, timed: "alone" } });
    const { started, start, answer, router } = await showForm(estimate({ usualSeconds: DAY / 2 }), long);
    await start();
    expect(started).toEqual([]);
    const [dialog] = await findOpened("[role=alertdialog]");
    expect(dialog?.textContent).toContain("about 13 d 09 h on this computer");
    await answer("Start it all the same");
    expect(started).toHaveLength(1);
    expect(router.currentRoute.value.path).toBe("/search/01RUN");
  });

  it("asks nothing where it is short", async () => {
    const { started, start } = await showForm(estimate({}), estimate({}));
    await start();
    expect(started).toHaveLength(1);
  });

  it("is offered for the newest data set of one's own and the recommended preset", async () => {
    const { asked, start } = await showForm(estimate({}), estimate({}));
    await start();
    expect(asked.at(-1)).toMatchObject({ preset: "scales-grey", values: { "data.dataset": "newer" } });
  });
});
