import type { Dialog, MessageBoxOptions } from "electron";

import type { Lab } from "#shared/api/lab.ts";
import type { Preferences } from "#shared/api/preferences.ts";

import { shellTexts } from "./texts.ts";

const texts = shellTexts.closing;

/** What closing the window does. */
export type Closing = "close" | "keep_running" | "pause" | "stay";

/** The buttons of the question, in order, with what each does. */
const CHOICES: readonly { readonly label: string; readonly closing: Exclude<Closing, "close"> }[] = [
  { label: texts.keepRunning, closing: "keep_running" },
  { label: texts.pause, closing: "pause" },
  { label: texts.cancel, closing: "stay" },
];

/** Decides what closing the window does: nothing more than closing where nothing runs, else what the person prefers or answers. */
export async function decideClosing(
  lab: Pick<Lab, "getOverview" | "getPreferences" | "setPreferences">,
  dialog: Pick<Dialog, "showMessageBox">,
): Promise<Closing> {
  const { active, tasks } = await lab.getOverview();
  const count = active.length + tasks.length;
  if (count === 0) return "close";
  const { closing } = await lab.getPreferences();
  if (closing !== "ask") return closing;
  const { response, checkboxChecked } = await dialog.showMessageBox(askAbout(count));
  const chosen = CHOICES[response]?.closing ?? "stay";
  if (checkboxChecked && chosen !== "stay")
    await lab.setPreferences({ closing: chosen satisfies Preferences["closing"] });
  return chosen;
}

function askAbout(count: number): MessageBoxOptions {
  return {
    type: "question",
    message: texts.question(count),
    detail: texts.detail,
    buttons: CHOICES.map(({ label }) => label),
    defaultId: 0,
    cancelId: CHOICES.length - 1,
    checkboxLabel: texts.always,
  };
}
