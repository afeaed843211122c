import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { PUBLISHED_FIGURES } from "#shared/runs/publishedFigures.ts";

const SCIENCE = readFileSync("docs/dev/science.md", "utf8");
const PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...listFiles("docs", /\.md$/)];

function listFiles(folder: string, pattern: RegExp): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => pattern.test(name));
  return names.map((name) => join(folder, name).replaceAll("\\", "/"));
}

/** Finds the first group of every match in a file, each with the file's name for the message. */
function findAll(file: string, pattern: RegExp): { readonly file: string; readonly found: string }[] {
  return [...readFileSync(file, "utf8").matchAll(pattern)].map(([, found = ""]) => ({ file, found }));
}

/** Every number of a table whose first column's title ends in `measure`, as "set, channels, sigma, method, source: value". */
function readFigures(measure: string): string[] {
  const tables = SCIENCE.split("\n\n").map((block) => block.split("\n").map(readCells));
  return tables.flatMap(([title = [], , ...rows]) => {
    const [set, channels, what] = (title[0] ?? "").split(", ");
    if (what !== measure) return [];
    return rows.flatMap(([method, source, ...values]) =>
      values.flatMap((value, column) =>
        value === "-" ? [] : [`${set}, ${channels}, ${title[column + 2]}, ${method}, ${source}: ${Number(value)}`],
      ),
    );
  });
}

function readCells(row: string): string[] {
  return row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("`", ""));
}

describe("the science notes", () => {
  it("have every section that the code refers to", () => {
    const referred = listFiles("src", /\.(ts|vue)$/).flatMap((file) => findAll(file, /\bnotes ([\d.]+\d)/g));
    const headings = [...SCIENCE.matchAll(/^#+ ([\d.]*\d)\.? /gm)].map(([, number]) => number);
    expect(referred.length).toBeGreaterThan(10);
    expect(referred.filter(({ found }) => !headings.includes(found))).toEqual([]);
  });

  it("list exactly the published figures that the lab shows", () => {
    const figures = PUBLISHED_FIGURES.map((each) => ({
      ...each,
      what: `${each.set}, ${each.channels}, ${each.sigma255}`,
    }));
    const psnrs = figures.flatMap(({ what, method, source, psnrDb }) =>
      psnrDb === null ? [] : [`${what}, ${method}, ${source}: ${psnrDb}`],
    );
    const ssims = figures.flatMap(({ what, method, ssimSource, ssim }) =>
      ssim === null ? [] : [`${what}, ${method}, ${ssimSource}: ${ssim}`],
    );
    expect(readFigures("PSNR (dB)").toSorted()).toEqual(psnrs.toSorted());
    expect(readFigures("SSIM").toSorted()).toEqual(ssims.toSorted());
  });
});

describe("the texts of the repository", () => {
  it("link to files that exist", () => {
    const links = PAGES.flatMap((file) => findAll(file, /\]\((?!https?:)([^)#]+)[^)]*\)/g));
    expect(links.filter(({ file, found }) => !existsSync(join(dirname(file), found)))).toEqual([]);
  });

  it("name files and folders of the source that exist", () => {
    const paths = PAGES.flatMap((file) => findAll(file, /`((?:src|tests|docs|resources)\/[\w./-]+)`/g));
    expect(paths.filter(({ found }) => !existsSync(found))).toEqual([]);
  });

  it("list every decision in the architecture's table", () => {
    const table = readFileSync("ARCHITECTURE.md", "utf8");
    expect(listFiles("docs/dev/decisions", /\.md$/).filter((file) => !table.includes(`](${file})`))).toEqual([]);
  });
});
