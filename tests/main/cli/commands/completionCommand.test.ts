import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { SHELLS } from "#main/cli/completion/scripts.ts";
import { makeBench } from "#tests/main/cli/bench.ts";

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

async function complete(words: readonly string[]): Promise<string[]> {
  const { run } = await makeBench();
  const { code, stdout, stderr } = await run(["complete", "--", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] ?? []);
}

describe("hinas complete", () => {
  it.each([
    [["de"], ["demo", "derive", "denoise", ""]],
    [
      ["runs", "re"],
      ["resume", ""],
    ],
    [
      ["--home", "/elsewhere", "runs", "st"],
      ["stop", ""],
    ],
    [
      ["search", "--ep"],
      ["--epochs", ""],
    ],
    [
      ["search", "--qu"],
      ["--quiet", ""],
    ],
    [
      ["denoise", "photo.png", "--format", ""],
      ["png", "tiff", "jpeg", "webp", "avif", ""],
    ],
    [
      ["sample", "mo"],
      ["motifs", ""],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", ""],
    ],
  ])("completes %j", async (words, expected) => {
    expect(await complete(words)).toEqual(expected);
  });

  it("lists neither itself nor anything behind the last argument", async () => {
    expect(await complete([""])).not.toContain("complete");
    expect(await complete(["derive", "RUN", ""])).toEqual([""]);
  });

  it("names data sets and folders where either fits, and presets", async () => {
    expect(await complete(["search", "--data", ""])).toEqual(expect.arrayContaining(["sample", ":files"]));
    expect(await complete(["search", "-p", "over"])).toEqual(["overnight", ""]);
  });

  it("stays silent where the lab cannot be opened", async () => {
    const { run, home } = await makeBench();
    await writeFile(home, "a file in the place of the home");
    expect(await run(["complete", "--", "derive", ""])).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("hinas completion", () => {
  it.each(SHELLS.map((shell) => [shell, has(shell)] as const))(
    "prints a script for %s that the shell reads where it is installed (here: %s)",
    async (shell, isHere) => {
      const { run, folder } = await makeBench();
      const { code, stdout } = await run(["completion", shell]);
      expect({ code, asks: stdout.includes("hinas complete -- ") }).toEqual({ code: 0, asks: true });
      if (!isHere) return;
      const file = join(folder, "script");
      await writeFile(file, stdout);
      expect(spawnSync(shell, ["-n", file]).stderr.toString()).toBe("");
    },
  );

  it.runIf(has("bash"))("completes in bash, names with spaces and files too", async () => {
    const { folder, home, run } = await makeBench();
    const script = (await run(["completion", "bash"])).stdout;
    await writeFile(join(folder, "photo one.png"), "");
    const ask = (words: readonly string[]): string => {
      const quoted = words.map((word) => `'${word}'`).join(" ");
      const hinas = `hinas() { '${process.execPath}' '${resolve("src/main/cli.ts")}' "$@"; }`;
      const call = `COMP_WORDS=(hinas ${quoted}); COMP_CWORD=${words.length}; _hinas; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const env = { PATH: process.env["PATH"], HINAS_HOME: home };
      return spawnSync("bash", ["-c", `${hinas}\n${script}\n${call}`], { cwd: folder, env }).stdout.toString();
    };
    expect(ask(["models", "ex"])).toBe("export\n");
    expect(ask(["denoise", "grey", "photo"])).toBe("photo one.png\n");
  });
});
