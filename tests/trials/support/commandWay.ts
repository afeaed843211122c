import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

import { runCli } from "#main/cli/program.ts";

import type { InputQuestion } from "./inputProcess.ts";

/** What a command answered. */
interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `hinas` with these arguments. */
export type Hinas = (args: readonly string[]) => Promise<Said>;

/** The command line within this process, as `src/main/cli.ts` starts it. */
export const runHere: Hinas = async (args) => {
  const said = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => void (said[name] += text) });
  const code = await runCli(args, {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: process.env,
    workingFolder: process.cwd(),
    presetsFolder: resolve("resources/presets"),
    isAttended: false,
    version: "0",
  });
  return { code, ...said };
};

/** The command line in a process of its own, as a person starts it; one that dies or hangs throws. */
export const runOutside: Hinas = async (args) => {
  try {
    const command = [resolve("src/main/cli.ts"), ...args];
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { timeout: 200_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code === "number") return { code, stdout: stdout ?? "", stderr: stderr ?? "" };
    throw error;
  }
};

/** Gives an input by the command that takes its kind, in a home of its own; returns what it said, null where it took it. */
export async function giveByCommand(
  hinas: Hinas,
  home: string,
  { kind, file }: Pick<InputQuestion, "kind" | "file">,
): Promise<string | null> {
  const ask = async (...args: readonly string[]): Promise<Said> => {
    const said = await hinas(["--home", home, ...args]);
    if (said.stderr.includes("a fault in the program")) throw new Error(said.stderr);
    return said;
  };
  switch (kind) {
    case "photo": {
      const name = `set-${basename(dirname(file))}`;
      const { code, stdout, stderr } = await ask("--json", "data", "add", dirname(file), "--name", name);
      if (code !== 0) throw new Error(`the good photo was not used: ${stderr}`);
      const { photos, skipped } = JSON.parse(stdout) as { photos: number; skipped: { file: string; reason: string }[] };
      if (photos < 1) throw new Error("the good photo was not used");
      return skipped.length === 0 ? null : skipped.map((each) => `${each.file}: ${each.reason}`).join("; ");
    }
    case "model":
      return sayRefusal(await ask("models", "import", file));
    case "genotype":
      return sayRefusal(await ask("train", file, "--data", "sample", "--set", "training.steps=10", "--dry-run"));
    case "settings":
      return sayRefusal(await ask("config", "check", file));
    case "card": {
      const place = join(home, "datasets", basename(file));
      await mkdir(dirname(place), { recursive: true });
      await copyFile(file, place);
      const said = sayRefusal(await ask("store", "rebuild"));
      await rm(place);
      return said;
    }
    case "database": {
      const other = join(dirname(file), "home");
      await mkdir(other);
      await writeFile(join(other, "lab.sqlite"), await readFile(file));
      return sayRefusal(await hinas(["--home", other, "runs", "ls"]));
    }
  }
}

function sayRefusal({ code, stdout, stderr }: Said): string | null {
  if (stderr.includes("a fault in the program")) throw new Error(stderr);
  return code === 0 ? null : `${stdout}${stderr}`;
}
