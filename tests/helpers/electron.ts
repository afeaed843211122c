import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { _electron, type ElectronApplication } from "playwright-core";

import type { FoundElectron } from "#main/shell/findElectron.ts";

/** Finds Electron's program where it is on this computer already. The program itself would download it; tests do not. */
export function findInstalledElectron(): FoundElectron {
  const { DISPLAY, WAYLAND_DISPLAY, ELECTRON_OVERRIDE_DIST_PATH } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return { reason: "this computer has no display" };
  const folder = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
  const pathFile = join(folder, "path.txt");
  const name = existsSync(pathFile) ? readFileSync(pathFile, "utf8") : "electron";
  const program = join(ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, "dist"), name);
  return existsSync(program) ? { program } : { reason: "Electron's program is not on this computer" };
}

/** Starts the built program over a home folder; what Electron keeps for itself goes to a folder of its own. */
export function launchElectron(program: string, home: string, ownFolder: string): Promise<ElectronApplication> {
  // Chromium refuses its sandbox to root, who runs tests in containers.
  const forRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return _electron.launch({
    executablePath: program,
    args: [process.cwd(), `--user-data-dir=${ownFolder}`, ...forRoot],
    env: { ...toTexts(process.env), HINAS_HOME: home },
  });
}

/** An environment without what would make Electron a mere Node. */
function toTexts(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name === "ELECTRON_RUN_AS_NODE" ? [] : [[name, value]],
    ),
  );
}
