import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import vue from "@vitejs/plugin-vue";
import { build } from "vite";

/** Builds the window as it is now into a folder of its own, so that no test looks at an older one. */
export async function buildWindow(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "hinas-window-"));
  await build({
    configFile: false,
    root: join(process.cwd(), "src/renderer"),
    plugins: [vue()],
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, minify: false, assetsInlineLimit: 0 },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
