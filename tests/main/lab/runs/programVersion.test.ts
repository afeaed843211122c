import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { writeEnvironment } from "#main/lab/runs/environment.ts";
import { readCommit, readProgramVersion } from "#main/lab/runs/programVersion.ts";

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

describe("the version of the program", () => {
  it("is that of package.json", async () => {
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    expect((await readProgramVersion()).version).toBe(version);
  });

  it("stands in a run's env.json", async () => {
    const file = join(await makeFolder(), "env.json");
    const engine = {
      backend: "cpu",
      tensorflowVersion: null,
      device: "a processor",
      isGpu: false,
      oneDnn: false,
      dilatedConvolution: "space_to_batch",
      fallbackReason: null,
      routes: [],
    } as const;
    await writeEnvironment(file, engine);
    const written = JSON.parse(await readFile(file, "utf8")) as { program: unknown; earlier: unknown };
    expect(written).toMatchObject({ program: await readProgramVersion(), earlier: [] });
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
