import type { Page } from "playwright-core";

import type { Lab } from "#shared/api/lab.ts";
import type { RunSummary } from "#shared/api/runs.ts";

import { toWindowPage } from "#tests/helpers/windowPage.ts";

/** One picture: the page's address, and what is done on it before. */
export interface DocPage {
  readonly name: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The wipe's large steps from its left end. */
const WIPE_STEPS = 4;
/** The cockpit's scrubber stays at the top. */
const SCRUBBER_PX = 56;
/** Room above a part of a page that is scrolled to, so that it does not stick to the edge. */
const ABOVE_PX = 20;

/** Lists the pages worth a picture; the lab must hold what fillLab puts into it. */
export async function listPages(lab: Lab): Promise<readonly DocPage[]> {
  const finished = (await lab.listRuns()).filter(({ state }) => state === "finished");
  const search = first(finished.filter(isSearch), "a finished search");
  const training = first(
    finished.filter((run) => !isSearch(run)),
    "a finished training",
  );
  const evaluations = await lab.listEvaluations({ runId: training.id });
  const evaluation = first(
    evaluations.filter(({ recipe }) => recipe.name.includes("gaussian-30")),
    "an evaluation at sigma 30",
  );
  const models = (await lab.listModels()).filter(({ runId }) => runId !== null);
  // The largest network and the one of the other architecture.
  const compared = `/compare?models=${[models[0], models.at(-1)].map((model) => model?.runId).join(",")}`;
  const hash = search.genotypeHash ?? first(await lab.listArchitectures(), "an architecture").hash;
  return [
    { name: "home", path: "/" },
    { name: "datasets", path: "/datasets" },
    { name: "dataset", path: "/datasets/leaves" },
    { name: "noise-bench", path: "/noise", prepare: waitForPictures },
    { name: "searches", path: "/search" },
    { name: "search-form", path: "/search/new", prepare: takeQuickLook },
    { name: "cockpit", path: `/search/${search.id}` },
    {
      name: "cockpit-architecture",
      path: `/search/${search.id}`,
      prepare: scrollTo("How decided each edge is", SCRUBBER_PX),
    },
    { name: "train", path: "/train" },
    { name: "training", path: `/train/${training.id}` },
    { name: "evaluation", path: `/train/evaluations/${evaluation.id}` },
    { name: "architectures", path: "/architectures" },
    { name: "architecture", path: `/architectures/${hash}` },
    { name: "derivation", path: `/architectures/${hash}`, prepare: scrollTo("Why it came out like this") },
    { name: "compare", path: compared },
    { name: "compare-wall", path: compared, prepare: showWall },
    { name: "compare-scatter", path: compared, prepare: scrollTo("PSNR against parameters") },
    { name: "compare-genotypes", path: compared, prepare: scrollTo("Genotypes") },
    { name: "denoise", path: "/denoise", prepare: wipe },
    { name: "settings", path: "/settings", prepare: examineEngine },
  ];
}

function isSearch({ kind }: RunSummary): boolean {
  return kind === "search";
}

function first<T>(items: readonly T[], what: string): T {
  const [item] = items;
  if (item === undefined) throw new Error(`screenshots: the lab must hold ${what}, found none`);
  return item;
}

/** What a page's elements have and these tests' types do not. */
interface Scrolling {
  scrollTop: number;
  scrollIntoView(): void;
}

/** Scrolls a part of a page to the top; `below` leaves room for what stays there while the rest scrolls. */
function scrollTo(title: string, below = 0) {
  return async (page: Page): Promise<void> => {
    const heading = page.getByRole("heading", { name: title, exact: true });
    await heading.waitFor();
    await heading.evaluate((node) => (node as unknown as Scrolling).scrollIntoView());
    await page
      .getByRole("main")
      .evaluate((node, above) => void ((node as unknown as Scrolling).scrollTop -= above), ABOVE_PX + below);
  };
}

async function showWall(page: Page): Promise<void> {
  await scrollTo("Same patch, side by side")(page);
  await choose(page, "Pictures", /gaussian-30/);
  await choose(page, "Picture", "leaves-26.png");
}

async function choose(page: Page, box: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: box, exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

async function waitForPictures(page: Page): Promise<void> {
  await page.getByText("Standard deviation").waitFor();
}

async function takeQuickLook(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Quick look/ }).click();
}

async function wipe(page: Page): Promise<void> {
  await toWindowPage(page, "")
    .button(/leaves-26\.png/)
    .click();
  await toWindowPage(page, "").button("Wipe").click();
  const line = page.getByRole("slider", { name: "Line between the two pictures" });
  await line.focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < WIPE_STEPS; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await line.blur();
}

async function examineEngine(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Examine", exact: true }).click();
  await page.getByRole("button", { name: "Copy diagnostics" }).waitFor({ timeout: 180_000 });
}
