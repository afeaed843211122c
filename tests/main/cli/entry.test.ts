import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { makeBench } from "./bench.ts";

describe("the hinas process", () => {
  it("exits with the code of the command and keeps data and talk apart", async () => {
    const { spawn: spawnHinas } = await makeBench();
    expect(await spawnHinas(["config", "check", "gone.yaml"])).toEqual({
      code: 3,
      stdout: "",
      stderr: "config: gone.yaml: no such file or folder (ENOENT)\n",
    });
  });

  it("knows its version and its presets", async () => {
    const { spawn: spawnHinas } = await makeBench();
    expect((await spawnHinas(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await spawnHinas(["config", "render", "--preset", "demo"])).code).toBe(0);
  });

  it("ends without a word where the reader of its output has left", async () => {
    const { folder } = await makeBench();
    const child = spawn(process.execPath, [resolve("src/main/cli.ts"), "config", "render"], { cwd: folder });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  });
});

describe("hinas on the path", () => {
  const entry = resolve("src/main/hinas.mjs");

  it("may be run as it is checked out, so that linking it changes no tracked file", async () => {
    const { mode } = await stat(entry);
    expect(mode & 0o111).toBe(0o111);
    const { bin } = JSON.parse(await readFile("package.json", "utf8")) as { bin: unknown };
    expect(bin).toEqual({ hinas: "src/main/hinas.mjs" });
  });

  it("gives back the exit code and the output of the command line", async () => {
    const { folder, home } = await makeBench();
    const env = { PATH: process.env["PATH"], HINAS_HOME: home };
    const child = spawn(entry, ["config", "check", "gone.yaml", "--json"], { cwd: folder, env });
    onTestFinished(() => void child.kill("SIGKILL"));
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, error: (JSON.parse(stdout) as { error: { kind: string } }).error.kind }).toEqual({
      code: 3,
      error: "not_found",
    });
  });
});
