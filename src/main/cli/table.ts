/** A column of a table: its heading, and on which side its cells line up. */
export interface Column {
  readonly heading: string;
  readonly align: "left" | "right";
}

/** Lays out a table for reading in a terminal: two spaces between columns, a rule under the headings, no trailing spaces. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  const layOut = (line: readonly string[]) =>
    columns
      .map((column, i) => padCell(line[i] ?? "", widths[i] ?? 0, column.align))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const [headings = "", ...body] = lines.map(layOut);
  return [headings, rule, ...body].join("\n");
}

function padCell(text: string, width: number, align: Column["align"]): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}
