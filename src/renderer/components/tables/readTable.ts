import type { TableCell, TableContent } from "#renderer/files/tableText.ts";

/** What stands in a table for the eye alone, or to be clicked: no file has it. */
const ASIDE = "data-aside";
/** The number behind a cell, in full precision; empty where none was measured. */
const VALUE = "data-value";
/** What a person sees only where the mouse rests; files that programs read have it behind the words. */
const NOTE = "data-note";

/** Reads a table off the page, as people see it, with the numbers behind its cells. */
export function readTable(table: HTMLTableElement): TableContent {
  const [head, ...rest] = [...table.querySelectorAll("tr")];
  return {
    header: head === undefined ? [] : cellsOf(head).map(textOf),
    rows: rest.map((row) => cellsOf(row).map(toCell)),
  };
}

function cellsOf(row: Element): readonly Element[] {
  return [...row.querySelectorAll(":scope > th, :scope > td")].filter((cell) => !cell.hasAttribute(ASIDE));
}

function toCell(cell: Element): TableCell {
  const text = textOf(cell);
  const value = cell.getAttribute(VALUE);
  const note = cell.getAttribute(NOTE);
  if (value === null) return { text, value: note === null ? text : `${text} (${note})` };
  return value === "" ? { text: text === "" ? "" : "\u2013", value: null } : { text, value: Number(value) };
}

/** Joins the words of a cell; parts that are set apart by their looks alone get a space between them. */
function textOf(cell: Element): string {
  const words: string[] = [];
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE)
      words.push(node.textContent ?? ""); // A text node always has a text.
    else if (node instanceof Element && !node.hasAttribute(ASIDE)) node.childNodes.forEach(visit);
  };
  visit(cell);
  // A thin space holds thousands together and stays.
  return words
    .join(" ")
    .replace(/[ \t\r\n]+/g, " ")
    .trim();
}
