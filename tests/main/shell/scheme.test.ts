import type { CustomScheme } from "electron";
import { describe, expect, it } from "vitest";

import { createWebRoutes } from "#main/api/webRoutes.ts";
import { answerScheme, registerScheme } from "#main/shell/scheme.ts";
import { toPicturePath } from "#shared/api/pictures.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { makeRenderer } from "#tests/helpers/labServer.ts";

async function setup() {
  const { lab } = openLab(await makeFolder());
  let answer: (request: Request) => Response | Promise<Response> = () => new Response();
  const schemes: string[] = [];
  answerScheme(
    { handle: (scheme, handler) => (schemes.push(scheme), (answer = handler)) },
    createWebRoutes({ lab, rendererFolder: await makeRenderer(), log: () => undefined }),
  );
  return { schemes, ask: async (url: string) => answer(new Request(url)) };
}

describe("the window's scheme", () => {
  it("is one with an origin, on which nothing of the web's rules is lifted", () => {
    const registered: CustomScheme[] = [];
    registerScheme({ registerSchemesAsPrivileged: (schemes) => registered.push(...schemes) });
    expect(registered).toEqual([
      { scheme: "hinas", privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
    ]);
  });

  it("gives the page, its files and pictures with the same headers as a server", async () => {
    const { schemes, ask } = await setup();
    expect(schemes).toEqual(["hinas"]);
    const page = await ask("hinas://app/");
    expect(await page.text()).toBe("<title>HiNAS Lab</title>");
    expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect((await ask("hinas://app/assets/main-1a2b.js")).status).toBe(200);
    const wish = { kind: "photo", dataset: "sample", photo: "sample-000", maxSidePx: 16 } as const;
    const picture = await ask(`hinas://app${toPicturePath(wish, null)}`);
    expect(picture.headers.get("Content-Type")).toBe("image/png");
  });

  it("has nothing at other hosts and outside of the window's folder", async () => {
    const { ask } = await setup();
    expect((await ask("hinas://other/")).status).toBe(404);
    expect((await ask("hinas://app/../../package.json")).status).toBe(404);
    expect((await ask("hinas://app/%2e%2e/%2e%2e/package.json")).status).toBe(404);
  });
});
