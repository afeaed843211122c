import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import type { LabServer } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { findBrowser, openPage } from "#tests/helpers/browser.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";
import { serveWindow } from "#tests/helpers/servedWindow.ts";
import { toWindowPage, type WindowPage } from "#tests/helpers/windowPage.ts";

const browserPath = findBrowser();
const MINUTE_MS = 60_000;

const ROOMS = [
  "/",
  "/datasets",
  "/noise",
  "/search",
  "/search/new",
  "/architectures",
  "/train",
  "/compare",
  "/denoise",
  "/settings",
];
/** Where each step of the tour stands. */
const TOUR = ["#/", "#/datasets", "#/search", "#/train", "#/denoise", "#/settings"];
const SIZES = [
  { width: 1024, height: 700 },
  { width: 1440, height: 900 },
];
const HEADINGS = { de: "Einstellungen", zh: "设置", en: "Settings" } as const;

/** What a page has and these tests' types do not. */
interface PageGlobals {
  readonly location: { hash: string };
  readonly document: {
    readonly documentElement: { readonly lang: string };
    querySelectorAll(selector: string): Iterable<{
      readonly textContent: string;
      readonly scrollWidth: number;
      readonly clientWidth: number;
    }>;
  };
}

describe.skipIf(browserPath === null)("the window in other languages (needs Chromium or Chrome)", () => {
  const ends: (() => Promise<unknown>)[] = [];
  let browser: Browser;
  let server: LabServer;
  let lab: Lab;
  let page: Page;
  let at: WindowPage;
  let complaints: readonly string[];

  beforeAll(async () => {
    const onEnd = (end: () => Promise<void>) => ends.push(end);
    lab = createLab({ home: await makeFolder(onEnd), log: () => undefined });
    ends.push(() => lab.close());
    ({ server, browser } = await serveWindow(lab, browserPath, onEnd));
    ({ page, complaints } = await openPage(browser, server.url));
    at = toWindowPage(page, server.url);
  }, 10 * MINUTE_MS);

  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const readLanguage = () => page.evaluate(() => (globalThis as unknown as PageGlobals).document.documentElement.lang);

  /** Leads to a room without opening the window anew. */
  const show = async (room: string) => {
    await page.evaluate((hash) => ((globalThis as unknown as PageGlobals).location.hash = hash), room);
    await page.waitForURL((url) => url.hash === `#${room}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
  };

  /** Which buttons, links of the menu and headings say more than they have room for. */
  const findCut = () =>
    page.evaluate(() => {
      const { document } = globalThis as unknown as PageGlobals;
      const all = [...document.querySelectorAll("main button, nav a, main h1, main h2, main label")];
      const cut = all.filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1);
      return cut.map(({ textContent }) => textContent.trim());
    });

  it(
    "leads through the rooms once, and is offered no more after that",
    async () => {
      await at.goTo("/");
      await at.button("Show the tour").click();
      const tour = page.getByRole("dialog", { name: "A short tour" });
      for (let step = 1; step <= 6; step++) {
        await tour.getByText(`${step} of 6`).waitFor();
        await page.waitForURL((url) => url.hash === TOUR[step - 1]);
        await tour.getByRole("button", { name: step === 6 ? "Begin" : "Next", exact: true }).click();
      }
      expect(await tour.count()).toBe(0);
      await at.goTo("/");
      await at.button("Start the demo search").waitFor();
      expect(await page.getByRole("button", { name: "Show the tour" }).count()).toBe(0);
    },
    MINUTE_MS,
  );

  it(
    "explains its words in a glossary that can be filtered, and shows the tour again",
    async () => {
      await at.goTo("/settings");
      const glossary = at.panel("Glossary");
      await glossary.getByLabel("Filter the glossary").fill("move weights");
      await glossary.getByText("Beta", { exact: true }).waitFor();
      expect(await glossary.getByRole("term").allTextContents()).toEqual(["Beta"]);
      await glossary.getByRole("button", { name: "Show the tour" }).click();
      const tour = page.getByRole("dialog", { name: "A short tour" });
      await tour.getByRole("button", { name: "Skip the tour" }).click();
      expect(await tour.count()).toBe(0);
    },
    MINUTE_MS,
  );

  it.each([
    ["Language", "Deutsch", "de"],
    ["Sprache", "中文", "zh"],
  ] as const)(
    "opens anew under “%s” in %s, with every room in it, nothing cut off, and readable for all",
    async (label, name, language) => {
      await at.goTo("/settings");
      await page.getByRole("combobox", { name: label, exact: true }).click();
      await page.getByRole("option", { name, exact: true }).click();
      await heading(HEADINGS[language]).waitFor();
      expect(await readLanguage()).toBe(language);
      expect((await lab.getPreferences()).language).toBe(language);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const room of ROOMS) {
          await show(room);
          expect({ room, size, cut: await findCut() }).toEqual({ room, size, cut: [] });
        }
      }
      for (const room of ["/", "/settings"]) {
        await show(room);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    },
    5 * MINUTE_MS,
  );

  it(
    "opens in the language that the lab keeps, in another browser too",
    async () => {
      const other = await openPage(browser, server.url);
      await other.page.getByRole("heading", { level: 1, name: "首页", exact: true }).waitFor();
      await lab.setPreferences({ language: "en" });
      await heading("Settings").waitFor();
      await other.page.context().close();
      expect(complaints).toEqual([]);
    },
    MINUTE_MS,
  );
});
