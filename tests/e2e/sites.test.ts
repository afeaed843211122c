import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { LabServer } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser } from "#tests/helpers/browser.ts";
import { findViolations } from "#tests/helpers/findViolations.ts";
import { type ServedLab, serveLabInBothThemes } from "#tests/helpers/servedLab.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;
/** For a look at the screens by whoever changes them. */
const pictures = process.env["SITE_PICTURES"];

describe.skipIf(browserPath === null)("sites in the window (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let lab: Lab;
  let server: LabServer;
  let windows: ServedLab["windows"];

  beforeAll(async () => {
    ({ lab, server, windows } = await serveLabInBothThemes(browserPath, (end) => ends.push(end)));
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it(
    "are written by a form, shown as a script, chosen for a search and forgotten",
    async () => {
      const page = windows[0]?.page;
      if (page === undefined) throw new Error("there must be a window");
      const main = page.getByRole("main");
      const dialog = page.getByRole("dialog");
      await page.goto(`${server.url}#/settings`);
      await main.getByRole("button", { name: "Add a site", exact: true }).click();
      const field = (name: string) => dialog.getByRole("textbox", { name, exact: true });
      await field("Name").fill("cluster");
      await field("Partition").fill("gpu");
      await field("Processors").fill("8");
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/site-form.png` });
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        dialog.getByRole("button", { name: "Save profile", exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe("cluster.yaml");
      await dialog.waitFor({ state: "detached" });
      // What `hinas sites add cluster cluster.yaml` does: a browser may not.
      await lab.putSite({ name: "cluster", yaml: await readFile(await download.path(), "utf8") });
      await page.reload();
      const [site] = await lab.listSites();
      expect(site?.profile).toMatchObject({ kind: "slurm", host: "cluster", partition: "gpu", cpus: 8 });

      await main.getByRole("button", { name: "Script", exact: true }).click();
      await dialog.getByText("#SBATCH --partition=gpu").waitFor();
      await page.keyboard.press("Escape");
      for (const [index, { page: each }] of windows.entries()) {
        await each.goto(`${server.url}#/settings`);
        await each.reload();
        await each.getByText("cluster:/scratch/me/hinas").waitFor();
        if (pictures !== undefined) await each.screenshot({ path: `${pictures}/sites-${index}.png`, fullPage: true });
        expect(await findViolations(each)).toEqual([]);
      }

      await page.goto(`${server.url}#/search/new`);
      await main.getByRole("combobox", { name: "Runs on", exact: true }).click();
      await page.getByRole("option", { name: /^cluster/ }).click();
      await main.getByText(/--on cluster$/).waitFor();
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/search-place.png`, fullPage: true });

      await page.goto(`${server.url}#/settings`);
      await main.getByRole("button", { name: "Remove", exact: true }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Remove", exact: true }).click();
      await main.getByText(/^Searches and trainings can run on a cluster/).waitFor();
      expect(await lab.listSites()).toEqual([]);
    },
    5 * MINUTE_MS,
  );
});
