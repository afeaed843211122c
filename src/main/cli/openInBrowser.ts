import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { makeTemporaryFolder } from "#main/files/temporaryFiles.ts";

/** The program of each system that opens an address; the address is an argument of its own, never part of a command line. */
const OPENERS: Partial<Readonly<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address with a token in the person's browser by way of a page that only this person can read: what a program is
 * started with, everybody on the computer can see. Returns the way to remove the page. Where no browser opens, `warn` says so.
 */
export async function openInBrowser(url: string, warn: (line: string) => void): Promise<() => Promise<void>> {
  const folder = await makeTemporaryFolder("window"); // for its owner alone, and swept where this process is killed
  const page = join(folder, "window.html");
  await writeFile(page, toPage(url), { mode: 0o600 });
  const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, pathToFileURL(page).href], { stdio: "ignore", detached: true });
  child.unref();
  once(child, "spawn").catch((error: unknown) => {
    warn(`no browser could be opened: ${error instanceof Error ? error.message : String(error)}`);
  });
  return () => rm(folder, { recursive: true, force: true });
}

/** A page that leads on at once. */
function toPage(url: string): string {
  const link = new URL(url).href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return [
    "<!doctype html>",
    '<meta charset="utf-8" />',
    '<meta name="referrer" content="no-referrer" />',
    `<meta http-equiv="refresh" content="0; url=${link}" />`,
    "<title>HiNAS Lab</title>",
    `<a href="${link}">HiNAS Lab</a>`,
    "",
  ].join("\n");
}
