import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("the closing line of a test run", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hinas-closing-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("stands last and leaves skipped tests out where there are none", async () => {
    expect(await runTests(`test("one", () => {}); test("two", () => {});`)).toBe("2 passed, 0 failed");
  });

  it("counts passed, failed and skipped tests", async () => {
    const source = `test("one", () => {}); test("two", () => { throw new Error("no"); }); test.skip("three", () => {});`;
    expect(await runTests(source)).toBe("1 passed, 1 failed, 1 skipped");
  });

  it("counts a file that does not load as failed", async () => {
    expect(await runTests(`throw new Error("broken");`)).toBe("0 passed, 1 failed");
  });

  it("counts an error outside every test as failed", async () => {
    const source = `test("one", async () => { setTimeout(() => { throw new Error("late"); }); await new Promise((r) => setTimeout(r, 20)); });`;
    expect(await runTests(source)).toBe("1 passed, 1 failed");
  });

  it("never says that a run without any test file is fine", async () => {
    expect(await runTests(null)).toBe("0 passed, 1 failed");
  });

  /** Runs vitest on one file in a folder of its own and returns the last line it prints. */
  async function runTests(source: string | null): Promise<string | undefined> {
    if (source !== null) await writeFile(join(folder, "some.test.js"), source);
    const vitest = resolve("node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--globals", "--root", folder, "--reporter=default"];
    args.push(`--reporter=${resolve("tests/helpers/closingLine.ts")}`);
    return new Promise((done) => {
      execFile(process.execPath, args, (_error, stdout) => done(stdout.trimEnd().split("\n").at(-1)));
    });
  }
});
