import type { LabServer } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { openPage } from "#tests/helpers/browser.ts";
import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";

type OnEnd = (end: () => Promise<void>) => void;

/** A lab with the data set `mine` of six photos, and its window in light and in dark. */
export interface ServedLab {
  readonly lab: Lab;
  readonly server: LabServer;
  readonly windows: readonly Awaited<ReturnType<typeof openPage>>[];
}

/** Opens a lab with its windows in a browser. */
export async function serveLabInBothThemes(browserPath: string | null, onEnd: OnEnd): Promise<ServedLab> {
  const folder = await writePhotos(await makeFolder(onEnd), 6);
  const { lab } = openLab(await makeFolder(onEnd), onEnd);
  await lab.addDataset({ name: "mine", folder, noisyFolder: null });
  const { server, browser } = await serveWindow(lab, browserPath, onEnd);
  return {
    lab,
    server,
    windows: [await openPage(browser, server.url, "light"), await openPage(browser, server.url, "dark")],
  };
}
