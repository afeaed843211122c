import { describe, expect, it } from "vitest";

import { TABLE_FORMATS, type TableContent } from "#renderer/files/tableText.ts";

const figure = (text: string, value: number | null) => ({ text, value });
const words = (text: string) => ({ text, value: text });
const table: TableContent = {
  header: ["Figure", "A & B_1", "A & B_1"],
  rows: [
    [words("PSNR, 50 %"), figure("28.53 dB ± 0.02", 28.5349), figure("–", null)],
    [words("a|b"), figure("−1\u202f200", -1200), figure("1", 1)],
  ],
};

describe("a table in a file", () => {
  it("has figures in full precision where programs read it, and nothing where none was measured", () => {
    expect(TABLE_FORMATS.csv.write(table)).toBe('Figure,A & B_1,A & B_1\r\n"PSNR, 50 %",28.5349,\r\na|b,-1200,1\r\n');
    expect(JSON.parse(TABLE_FORMATS.json.write(table))).toEqual([
      { Figure: "PSNR, 50 %", "A & B_1": 28.5349, "A & B_1 2": null },
      { Figure: "a|b", "A & B_1": -1200, "A & B_1 2": 1 },
    ]);
  });

  it("can be put into a paper: signs that LaTeX takes for its own are kept from it, figures stand flush right", () => {
    expect(TABLE_FORMATS.latex.write(table).split("\n")).toEqual([
      "% needs \\usepackage{booktabs}",
      "\\begin{tabular}{lrr}",
      "\\toprule",
      "Figure & A \\& B\\_1 & A \\& B\\_1 \\\\",
      "\\midrule",
      "PSNR, 50 \\% & 28.53 dB $\\pm$ 0.02 & -- \\\\",
      "a|b & $-$1\\,200 & 1 \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "",
    ]);
  });

  it("can be pasted as Markdown without its cells falling apart", () => {
    expect(TABLE_FORMATS.markdown.write(table).split("\n")).toEqual([
      "| Figure | A & B\\_1 | A & B\\_1 |",
      "| --- | ---: | ---: |",
      "| PSNR, 50 % | 28.53 dB ± 0.02 | – |",
      "| a\\|b | −1\u202f200 | 1 |",
      "",
    ]);
  });
});
