import { readFileSync } from "node:fs";

/** A table's rows that name a file or a folder in their second column, under a heading of a recipe. */
export function listRecipeFiles(recipe: string, heading: string): readonly string[] {
  const text = readFileSync(`docs/dev/recipes/${recipe}.md`, "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${recipe}.md: must have the heading "${heading}"`);
  return [...section.matchAll(/^\|[^|]*\| *`([^`]+)` *\|/gm)].map(([, file = ""]) => file).toSorted();
}

/** Names what a toy touched as its recipe does: the toy's own name is `<name>`, and a folder of its own is one entry. */
export function asRecipeFiles(touched: readonly string[], name: string): readonly string[] {
  const files = touched.map((file) => file.replace(new RegExp(`/${name}/.*$`), "/<name>/").replace(name, "<name>"));
  return [...new Set(files)].toSorted();
}

/** The files of diagnostics `file(line): message`, each once. */
export function filesOf(diagnostics: readonly string[]): readonly string[] {
  return [...new Set(diagnostics.map((line) => line.replace(/\(\d+\): .*$/s, "")))].toSorted();
}
