import { toCsv } from "#shared/csv.ts";

/** A cell as it is read, and what stands behind it: a number in full precision, or the same words. */
export interface TableCell {
  readonly text: string;
  readonly value: string | number | null;
}

/** A table as it is shown, without its looks. */
export interface TableContent {
  readonly header: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** A way to write a table down. */
export interface TableFormat {
  readonly label: string;
  readonly ending: string;
  readonly type: string;
  readonly write: (table: TableContent) => string;
}

/** The ways to write a table down: numbers in full precision where programs read it, as shown where people do. */
export const TABLE_FORMATS = {
  csv: { label: "CSV", ending: "csv", type: "text/csv", write: writeCsv },
  json: { label: "JSON", ending: "json", type: "application/json", write: writeJson },
  latex: { label: "LaTeX", ending: "tex", type: "text/x-tex", write: writeLatex },
  markdown: { label: "Markdown", ending: "md", type: "text/markdown", write: writeMarkdown },
} as const satisfies Readonly<Record<string, TableFormat>>;

const LATEX_SIGNS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "&": "\\&",
  "%": "\\%",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "±": "$\\pm$",
  "×": "$\\times$",
  "−": "$-$",
  "→": "$\\to$",
  "…": "\\ldots{}",
  "\u2013": "--",
  "\u202f": "\\,",
};

function writeCsv({ header, rows }: TableContent): string {
  return toCsv(
    header,
    rows.map((row) => row.map(({ value }) => value)),
  );
}

/** An object for each row, by the columns' names; a name that comes again gets a number. */
function writeJson({ header, rows }: TableContent): string {
  const names = header.map((name, index) => {
    const before = header.slice(0, index).filter((each) => each === name).length;
    return before === 0 ? name : `${name} ${before + 1}`;
  });
  const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]?.value ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** A `tabular` with the lines of the package booktabs, figures flush right. */
function writeLatex(table: TableContent): string {
  const toLine = (cells: readonly string[]): string => `${cells.map(toLatex).join(" & ")} \\\\`;
  const columns = table.header.map((_, index) => (isNumeric(table, index) ? "r" : "l")).join("");
  return [
    "% needs \\usepackage{booktabs}",
    `\\begin{tabular}{${columns}}`,
    "\\toprule",
    toLine(table.header),
    "\\midrule",
    ...table.rows.map((row) => toLine(row.map(({ text }) => text))),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}

function writeMarkdown(table: TableContent): string {
  const toLine = (cells: readonly string[]): string => `| ${cells.map(toMarkdown).join(" | ")} |`;
  const rule = table.header.map((_, index) => (isNumeric(table, index) ? "---:" : "---"));
  return [
    toLine(table.header),
    `| ${rule.join(" | ")} |`,
    ...table.rows.map((row) => toLine(row.map(({ text }) => text))),
    "",
  ].join("\n");
}

function isNumeric({ rows }: TableContent, index: number): boolean {
  const values = rows.map((row) => row[index]?.value ?? null).filter((value) => value !== null && value !== "");
  return values.length > 0 && values.every((value) => typeof value === "number");
}

function toLatex(text: string): string {
  return text.replace(/[^]/g, (sign) => LATEX_SIGNS[sign] ?? sign);
}

function toMarkdown(text: string): string {
  return text.replace(/[\\|*_`<]/g, "\\$&");
}
