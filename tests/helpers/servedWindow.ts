import { tmpdir } from "node:os";

import type { Browser } from "playwright-core";

import { type LabServer, serveLab } from "#main/server/serveLab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { launchBrowser } from "./browser.ts";
import { buildProgram } from "./builtProgram.ts";

/** Serves a lab with the window as it ships on a free port and starts a browser for it; both end when the caller says. */
export async function serveWindow(
  lab: Lab,
  browserPath: string | null,
  onEnd: (cleanUp: () => Promise<void>) => void,
): Promise<{ readonly server: LabServer; readonly browser: Browser }> {
  if (browserPath === null) throw new Error("the window needs a browser, found none");
  const rendererFolder = await buildProgram();
  const server = await serveLab({
    lab,
    rendererFolder,
    host: "127.0.0.1",
    port: 0,
    log: () => undefined,
    photoRoots: [tmpdir()], // where tests put their photos
  });
  onEnd(() => server.close());
  const browser = await launchBrowser(browserPath);
  onEnd(() => browser.close());
  return { server, browser };
}
