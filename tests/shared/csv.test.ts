import { describe, expect, it } from "vitest";

import { toCsv } from "#shared/csv.ts";

describe("a table as CSV", () => {
  it("quotes what a table's cells would break, and disarms formulas", () => {
    expect(toCsv(["a"], [['x,"y"'], ["=SUM(A1)"], [-5], [Infinity]])).toBe(
      'a\r\n"x,""y"""\r\n\'=SUM(A1)\r\n-5\r\n\r\n',
    );
  });
});
