// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { Component } from "vue";

import type { StudyPreview, StudySummary, StudyTime } from "#shared/api/studies.ts";
import NewStudyDialog from "#renderer/views/studies/NewStudyDialog.vue";
import TonightDialog from "#renderer/views/studies/TonightDialog.vue";
import { findOpened, nameOf, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

const HOUR = 3600;

async function press(selector: string, name: string): Promise<void> {
  const found = (await findOpened(`${selector} button`)).find((each) => nameOf(each) === name);
  if (found === undefined) throw new Error(`${name}: must be a button of ${selector}`);
  found.click();
  await flushPromises();
}

/** Opens a form that starts a study, which would take this long. */
async function openForm(form: Component, time: StudyTime) {
  const started: unknown[] = [];
  const start = async (wish: unknown) => {
    started.push(wish);
    return { id: "01STUDY" } as StudySummary;
  };
  await showInWindow(
    form,
    { open: true },
    {
      listPresets: async () => [],
      previewTonight: async () => "a study",
      previewStudy: async () => ({ cells: 1, arms: [{}], time }) as unknown as StudyPreview,
      startTonight: start,
      startStudy: start,
    },
  );
  return started;
}

describe.each([
  ["a night's work", TonightDialog],
  ["a study", NewStudyDialog],
])("%s", (_what, form) => {
  it("asks before what takes more than a day, and says how long that is", async () => {
    const started = await openForm(form, { seconds: 321 * HOUR, isMeasured: true });
    await press("[role=dialog]", "Start");
    expect(started).toEqual([]);
    const [question] = await findOpened("[role=alertdialog]");
    expect(question?.textContent).toContain("Takes about 13 d 09 h here");
    await press("[role=alertdialog]", "Start it all the same");
    expect(started).toHaveLength(1);
  });

  it("asks nothing where it is short", async () => {
    const started = await openForm(form, { seconds: 9 * HOUR, isMeasured: false });
    await press("[role=dialog]", "Start");
    expect(started).toHaveLength(1);
  });
});

it("a night's work says how long it takes before it is started", async () => {
  await openForm(TonightDialog, { seconds: 9 * HOUR, isMeasured: false });
  const said = async () => (await findOpened("[role=dialog] p[role=status]")).map((each) => each.textContent);
  await expect
    .poll(said)
    .toContain("Takes about 9 h 00 min on two usual cores; nothing was timed on this computer yet.");
});
