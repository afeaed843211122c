import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { nameTemporaryFolder } from "#main/files/temporaryFiles.ts";
import { openInBrowser } from "#main/cli/openInBrowser.ts";

import { writeProgram } from "#tests/helpers/fakeTensorflow.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";

const URL_WITH_TOKEN = "http://127.0.0.1:8437/?token=s3cr3t";

describe.skipIf(process.platform !== "linux")("openInBrowser (skipped outside Linux)", () => {
  it("starts the browser without the token, which only a page of this person holds, as long as it is needed", async () => {
    const bin = await makeFolder();
    const record = join(bin, "started.json");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(record)}, JSON.stringify(process.argv.slice(2)));`;
    writeProgram(join(bin, "xdg-open"), write);
    vi.stubEnv("PATH", bin);
    onTestFinished(() => void vi.unstubAllEnvs());
    const warnings: string[] = [];
    const removePage = await openInBrowser(URL_WITH_TOKEN, (line) => warnings.push(line));
    await expect.poll(() => existsSync(record) && readFile(record, "utf8")).toMatch(/\]$/);
    const started = JSON.parse(await readFile(record, "utf8")) as readonly string[];
    expect(started.join(" ")).not.toContain("s3cr3t");
    const page = fileURLToPath(String(started[0]));
    expect(await readFile(page, "utf8")).toContain(`content="0; url=${URL_WITH_TOKEN}"`);
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect([await modeOf(page), await modeOf(dirname(page))]).toEqual(["600", "700"]);
    // By its name it is found and removed where the program was killed.
    expect(dirname(page).startsWith(nameTemporaryFolder("window"))).toBe(true);
    await removePage();
    expect(existsSync(dirname(page))).toBe(false);
    expect(warnings).toEqual([]);
  });

  it("says so where there is no program that opens a browser", async () => {
    vi.stubEnv("PATH", await makeFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const warnings: string[] = [];
    onTestFinished(await openInBrowser(URL_WITH_TOKEN, (line) => warnings.push(line)));
    await expect.poll(() => warnings).toEqual([expect.stringMatching(/^no browser could be opened: .*ENOENT/)]);
  });
});
