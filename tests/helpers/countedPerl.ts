import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { onTestFinished, vi } from "vitest";

import { makeFolder } from "./labHome.ts";

/** Notes from now to the test's end the processes of Perl that are started by its name. Not for Windows. */
export async function watchPerl(): Promise<() => readonly number[]> {
  const folder = await makeFolder();
  const [perl, log] = [join(folder, "perl"), join(folder, "starts")];
  const real = execFileSync("sh", ["-c", "command -v perl"], { encoding: "utf8" }).trim();
  await writeFile(log, "");
  await writeFile(perl, `#!/bin/sh\necho $$ >> '${log}'\nexec '${real}' "$@"\n`);
  await chmod(perl, 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"] ?? ""}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return () => readFileSync(log, "utf8").split("\n").slice(0, -1).map(Number);
}
