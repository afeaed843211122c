import { expect, it } from "vitest";

import { renderTable } from "#main/cli/table.ts";

it("lines columns up by their widest cell, without spaces at line ends", () => {
  const columns = [
    { heading: "NAME", align: "left" },
    { heading: "PSNR", align: "right" },
    { heading: "NOTE", align: "left" },
  ] as const;
  const rows = [
    ["cameraman", "9.5", ""],
    ["house", "30.25", "best"],
  ];
  expect(renderTable(columns, rows).split("\n")).toEqual([
    "NAME        PSNR  NOTE",
    "---------  -----  ----",
    "cameraman    9.5",
    "house      30.25  best",
  ]);
});
