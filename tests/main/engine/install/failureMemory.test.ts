import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { forgetFailure, recallFailure, rememberFailure } from "#main/engine/install/failureMemory.ts";

describe("the memory of failed attempts", () => {
  let folder = "";
  let file = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hinas-memory-"));
    file = join(folder, "failed.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const writeAged = (minutes: number): Promise<void> => {
    const at = new Date(Date.now() - minutes * 60_000).toISOString();
    return writeFile(file, JSON.stringify({ at, circumstances: "no compiler", reason: "no g++" }));
  };

  it("recalls why an attempt failed under the same circumstances", async () => {
    await rememberFailure(file, "no compiler", "no g++");
    expect(await recallFailure(file, "no compiler")).toMatchObject({ reason: "no g++" });
  });

  it("forgets it under other circumstances", async () => {
    await rememberFailure(file, "no compiler", "no g++");
    expect(await recallFailure(file, "a compiler")).toBeNull();
  });

  it("forgets it after an hour", async () => {
    await writeAged(59);
    expect(await recallFailure(file, "no compiler")).not.toBeNull();
    await writeAged(61);
    expect(await recallFailure(file, "no compiler")).toBeNull();
  });

  it("forgets what a clock that was wrong dated in the future", async () => {
    await writeAged(-30 * 24 * 60);
    expect(await recallFailure(file, "no compiler")).toBeNull();
  });

  it("forgets it when told to, and where the file is damaged", async () => {
    await writeFile(file, '{"at": ');
    expect(await recallFailure(file, "no compiler")).toBeNull();
    await writeAged(1);
    await forgetFailure(file);
    expect(await recallFailure(file, "no compiler")).toBeNull();
  });
});
