import { at } from "#shared/at.ts";

/** A column of a table: its heading, and on which side its cells line up. */
export interface Column {
  readonly heading: string;
  readonly align: "left" | "right";
}

/** Lays out a table for reading in a terminal: two spaces between columns, a rule under the headings, no trailing spaces. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => at(line, i, "table: cell").length)));
  const layOut = (line: readonly string[]) =>
    columns
      .map((column, i) => padCell(at(line, i, "table: cell"), at(widths, i, "table: width"), column.align))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const laidOut = lines.map(layOut);
  return [...laidOut.slice(0, 1), rule, ...laidOut.slice(1)].join("\n");
}

function padCell(text: string, width: number, align: Column["align"]): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}
