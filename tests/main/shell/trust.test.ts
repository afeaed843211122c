import { describe, expect, it } from "vitest";

import { isTrustedSender, listTrustedOrigins } from "#main/shell/trust.ts";

const origins = ["hinas://app"];

describe("isTrustedSender", () => {
  it.each(["hinas://app", "hinas://app/", "hinas://app/index.html#/search"])("trusts the own page at %s", (url) => {
    expect(isTrustedSender({ url, parent: null }, origins)).toBe(true);
  });

  it.each([
    "https://evil.example/",
    "hinas://app.evil.example/",
    "hinas://application/",
    "hinas://other/",
    "file:///index.html",
    "about:blank",
    "",
  ])("trusts nothing at %s", (url) => {
    expect(isTrustedSender({ url, parent: null }, origins)).toBe(false);
  });

  it("trusts no frame inside a page, and none that is gone", () => {
    expect(isTrustedSender({ url: "hinas://app/", parent: {} }, origins)).toBe(false);
    expect(isTrustedSender(null, origins)).toBe(false);
  });
});

describe("listTrustedOrigins", () => {
  it("adds a developer's server, but never to a packaged program", () => {
    expect(listTrustedOrigins("hinas://app", null, false)).toEqual(["hinas://app"]);
    expect(listTrustedOrigins("hinas://app", "http://localhost:5173/x", false)).toEqual([
      "hinas://app",
      "http://localhost:5173",
    ]);
    expect(listTrustedOrigins("hinas://app", "http://localhost:5173/x", true)).toEqual(["hinas://app"]);
  });
});
