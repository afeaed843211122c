import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { getServeToken } from "#main/store/serveToken.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe("the token of the server", () => {
  it("is the same at every start, and its file the owner's alone", async () => {
    const home = join(await makeFolder(), "home");
    const token = await getServeToken(home, false);
    expect(token).toHaveLength(32);
    expect(await getServeToken(home, false)).toBe(token);
    const file = join(home, "serve-token");
    expect(await modeOf(file)).toBe(0o600);
    await chmod(file, 0o644);
    await getServeToken(home, false);
    expect(await modeOf(file)).toBe(0o600);
  });

  it("is another one where that is wished, or where its file holds none", async () => {
    const home = await makeFolder();
    const token = await getServeToken(home, false);
    const renewed = await getServeToken(home, true);
    expect(renewed).not.toBe(token);
    expect(await getServeToken(home, false)).toBe(renewed);
    const file = join(home, "serve-token");
    await writeFile(file, "");
    expect(await getServeToken(home, false)).toHaveLength(32);
    expect((await readFile(file, "utf8")).trim()).toHaveLength(32);
  });
});
