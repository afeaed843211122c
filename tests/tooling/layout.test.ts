import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("the tree", () => {
  const paths = readdirSync("src", { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));

  it("names no file or folder after nothing", () => {
    const isVague = (path: string): boolean => /(^|\/)(utils?|helpers?|common|misc)(\.[a-z]+)?$/i.test(path);
    expect(paths.filter(isVague)).toEqual([]);
  });

  it("has no barrel files", () => {
    expect(paths.filter((path) => /(^|\/)index\.ts$/.test(path))).toEqual(["main/index.ts"]);
  });
});
