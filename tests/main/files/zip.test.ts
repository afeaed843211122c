import { describe, expect, it } from "vitest";

import { packZip } from "#main/files/zip.ts";

import { unpackZip } from "#tests/helpers/unpackZip.ts";

describe("a ZIP archive", () => {
  it("holds its files as they are, empty ones and names of any language too", async () => {
    const files = [
      ["README.md", "# A study\n"],
      ["tables/größe.tex", "x".repeat(10_000)],
      ["empty", ""],
    ] as const;
    const bytes = packZip(files.map(([path, content]) => ({ path, content: Buffer.from(content) })));
    expect([...(await unpackZip(bytes))]).toEqual(files);
    expect(bytes.length).toBeLessThan(1000);
  });

  it("has the same bytes each time", () => {
    const entries = [{ path: "a", content: Buffer.from("b") }];
    expect(packZip(entries).equals(packZip(entries))).toBe(true);
  });
});
