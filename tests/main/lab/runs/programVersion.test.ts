import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { writeEnvironment } from "#main/lab/runs/environment.ts";
import { readCommit, readProgramVersion } from "#main/lab/runs/programVersion.ts";
import type { EngineFacts } from "#shared/api/doctor.ts";

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-version-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
    cwd: folder,
    encoding: "utf8",
  }).trim();

function hasGit(): boolean {
  try {
    execFileSync("git", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

const ENGINE: EngineFacts = {
  backend: "cpu",
  tensorflowVersion: null,
  device: "a processor",
  isGpu: false,
  oneDnn: false,
  dilatedConvolution: "space_to_batch",
  fallbackReason: null,
  routes: [],
};

describe("the version of the program", () => {
  it("is that of package.json", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    expect((await readProgramVersion()).version).toBe(version);
  });

  it("stands in a run's env.json", async () => {
    const file = join(await makeFolder(), "env.json");
    await writeEnvironment(file, ENGINE);
    const written = JSON.parse(await readFile(file, "utf8")) as object;
    expect(written).toMatchObject({ program: await readProgramVersion(), earlier: [] });
    expect(written).not.toHaveProperty("gpus");
  });

  it.skipIf(process.platform === "win32")("stands there beside the driver of the card that computes", async () => {
    const folder = await makeFolder();
    await writeFile(join(folder, "nvidia-smi"), "#!/bin/sh\necho 'NVIDIA T4, 570.12, 15360 MiB'\n");
    await chmod(join(folder, "nvidia-smi"), 0o755);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const file = join(folder, "env.json");
    await writeEnvironment(file, { ...ENGINE, backend: "tensorflow", isGpu: true });
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ gpus: ["NVIDIA T4, 570.12, 15360 MiB"] });
  });

  it("has no commit where the folder is none of git's", async () => {
    expect(await readCommit(await makeFolder())).toBeNull();
  });

  it.runIf(hasGit())(
    "has the commit of a branch, of packed branches, of a bare commit and of another work tree",
    async () => {
      const folder = await makeFolder();
      git(folder, "init", "--quiet");
      expect(await readCommit(folder)).toBeNull();
      await writeFile(join(folder, "a"), "a");
      git(folder, "add", "a");
      git(folder, "commit", "--quiet", "-m", "a");
      const commit = git(folder, "rev-parse", "HEAD");
      expect(await readCommit(folder)).toBe(commit);
      git(folder, "pack-refs", "--all");
      expect(await readCommit(folder)).toBe(commit);
      const other = join(await makeFolder(), "tree");
      git(folder, "worktree", "add", "--quiet", "-b", "other", other);
      expect(await readCommit(other)).toBe(commit);
      git(folder, "checkout", "--quiet", "--detach");
      expect(await readCommit(folder)).toBe(commit);
    },
  );
});
