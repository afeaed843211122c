import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

const WINDOW = join(import.meta.dirname, "../../src/renderer");
/** The newest rows of a chart, which saves all of its values itself. */
const ALLOWED: ReadonlySet<string> = new Set(["components/curves/CurveTable.vue"]);

it("each table of the window can be saved as a file", () => {
  const files = readdirSync(WINDOW, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".vue"));
  const tables = files.filter((file) => readFileSync(join(WINDOW, file), "utf8").includes("<table"));
  expect(tables.length).toBeGreaterThan(5);
  const closed = tables.filter((file) => !readFileSync(join(WINDOW, file), "utf8").includes("<TableMenu"));
  expect(closed.filter((file) => !ALLOWED.has(file))).toEqual([]);
});
