// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { RunLabel, RunSummary } from "#shared/api/runs.ts";
import LabelDialog from "#renderer/run/LabelDialog.vue";
import { pickLabelled } from "#renderer/run/labelFilter.ts";
import RunTable from "#renderer/run/RunTable.vue";
import { texts } from "#renderer/texts/texts.ts";
import { findOpened, nameOf, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
beforeEach(() => localStorage.clear());

const NO_LABEL: RunLabel = { name: null, isStarred: false, isArchived: false, tags: [], note: "" };

function makeRun(id: string, label: Partial<RunLabel> = {}): RunSummary {
  return {
    ...{ id, kind: "search", name: id, state: "finished", reason: null, errorKind: null, folder: `/runs/${id}` },
    ...{ createdAt: "2026-11-30T10:00:00.000Z", dataset: "mine", datasetFingerprint: "", engine: null, step: 1 },
    ...{ totalSteps: 1, secondsPerStep: null, best: null, genotypeHash: null, studyId: null },
    label: { ...NO_LABEL, ...label },
  };
}

const RUNS = [
  makeRun("first", { isStarred: true, tags: ["paper", "night"] }),
  makeRun("second", { tags: ["paper"] }),
  makeRun("third"),
];

async function showTable(runs: readonly RunSummary[]) {
  const asked: unknown[] = [];
  const page = await showInWindow(
    RunTable,
    { caption: "Searches", runs, labels: texts.search.columns },
    {
      listRuns: async () => [...runs],
      labelRun: async (wish) => {
        asked.push(wish);
        return makeRun(wish.id, { isStarred: wish.label.isStarred === true });
      },
    },
  );
  const names = () => page.shown.findAll("tbody tr .name").map((each) => each.text());
  const press = async (name: string) => {
    await page.button(name).trigger("click");
    return names();
  };
  return { ...page, asked, names, press };
}

describe("a list of runs", () => {
  it("has those alone that are starred, or have all tags that are pressed, however few there are", async () => {
    const { names, press, button } = await showTable(RUNS);
    expect(names()).toEqual(["first", "second", "third"]);
    expect(await press("Starred")).toEqual(["first"]);
    expect(button("Starred").attributes("aria-pressed")).toBe("true");
    expect(await press("Starred")).toEqual(["first", "second", "third"]);
    expect(await press("paper")).toEqual(["first", "second"]);
    expect(await press("night")).toEqual(["first"]);
    expect(await press("paper")).toEqual(["first"]);
    expect(await press("night")).toEqual(["first", "second", "third"]);
  });

  it("shows all again where nobody has the tag or star any more, and offers nothing where nothing was said", async () => {
    const wanted = { isStarred: true, tags: ["paper"] };
    expect(pickLabelled(RUNS, wanted).map(({ id }) => id)).toEqual(["first"]);
    expect(pickLabelled([makeRun("third")], wanted)).toHaveLength(1);
    const { shown } = await showTable([makeRun("third")]);
    expect(shown.find("[role=group]").exists()).toBe(false);
  });

  it("stars a run", async () => {
    const { asked, press } = await showTable(RUNS);
    await press("Star second");
    await press("Star first");
    expect(asked).toEqual([
      { id: "second", label: { isStarred: true } },
      { id: "first", label: { isStarred: false } },
    ]);
  });
});

it("a run is renamed, tagged and given notes by one form", async () => {
  const asked: unknown[] = [];
  const run = makeRun("first", { tags: ["paper"], note: "before" });
  const answers = {
    listRuns: async () => [run],
    labelRun: async (wish: unknown) => {
      asked.push(wish);
      return run;
    },
  };
  await showInWindow(LabelDialog, { open: true, run }, answers);
  const [name, tags] = (await findOpened("[role=dialog] input")) as HTMLInputElement[];
  const [note] = (await findOpened("[role=dialog] textarea")) as HTMLTextAreaElement[];
  expect([name?.value, tags?.value, note?.value]).toEqual(["first", "paper", "before"]);
  for (const [field, text] of [
    [name, "Night owl"],
    [tags, "paper, night,"],
    [note, "Look at epoch 3"],
  ] as const) {
    if (field === undefined) throw new Error(`${text}: must have a field`);
    field.value = text;
    field.dispatchEvent(new Event("input"));
  }
  const buttons = await findOpened("[role=dialog] button");
  buttons.find((each) => nameOf(each) === "Save")?.click();
  await flushPromises();
  expect(asked).toEqual([
    { id: "first", label: { name: "Night owl", tags: ["paper", "night"], note: "Look at epoch 3" } },
  ]);
});
