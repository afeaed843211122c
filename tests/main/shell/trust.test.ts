import { readFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { findDevServer, isTrustedSender, listTrustedOrigins } from "#main/shell/trust.ts";

import { buildProgram } from "#tests/helpers/builtProgram.ts";

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
  it("adds a developer's server where there is one", () => {
    expect(listTrustedOrigins("hinas://app", null)).toEqual(["hinas://app"]);
    expect(listTrustedOrigins("hinas://app", "http://localhost:5173/x")).toEqual([
      "hinas://app",
      "http://localhost:5173",
    ]);
  });
});

describe("findDevServer", () => {
  const env = { ELECTRON_RENDERER_URL: "http://localhost:5173" };

  it("takes the address from the environment in `npm run dev` and nowhere else", async () => {
    expect(findDevServer(env, true)).toBe("http://localhost:5173");
    expect(findDevServer({}, true)).toBeNull();
    expect(findDevServer(env, false)).toBeNull();
    await buildProgram();
    expect(await readFile("out/main/index.js", "utf8")).toContain("findDevServer(process.env, false)");
  });

  it.each(["http://evil.example:5173", "https://localhost:5173", "http://localhost.evil.example", "file:///x"])(
    "refuses %s, which is no server of this computer",
    (address) => {
      expect(() => findDevServer({ ELECTRON_RENDERER_URL: address }, true)).toThrow("one of this computer");
    },
  );
});
