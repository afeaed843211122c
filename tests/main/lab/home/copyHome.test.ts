import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";

async function prepare() {
  const home = await makeFolder();
  const { lab } = openLab(home);
  const photos = await writePhotos(await makeFolder(), 4);
  await lab.addDataset({ name: "mine", folder: photos, noisyFolder: null });
  const config = { data: { dataset: "mine", validationShare: 0.25 }, space: { layers: 1, nodes: 1 } };
  const { id } = await lab.startSearch(searchConfigSchema.parse(config));
  return { home, lab, photos, id };
}

describe("a copied home", () => {
  it("is the same lab elsewhere, without what belongs to the computer, and says whose photos stay behind", async () => {
    const { home, lab, photos, id } = await prepare();
    const target = join(await makeFolder(), "there");
    await expect(lab.copyHome(target)).rejects.toThrow(`no run must be at work while it is copied, got ${id}`);
    await lab.waitForRun(id);
    const { hash } = await lab.derive(id, null);
    await lab.setPreferences({ theme: "dark" });
    await writeFile(join(home, "serve-token"), "secret");
    await mkdir(join(home, "trash"), { recursive: true });
    expect(await lab.copyHome(target)).toEqual({ target, outside: [{ name: "mine", folder: photos }] });
    expect(await readdir(target)).not.toEqual(expect.arrayContaining(["serve-token"]));
    expect(await readdir(target)).not.toEqual(expect.arrayContaining(["trash"]));
    const { lab: copy } = openLab(target);
    expect(await copy.listRuns()).toMatchObject([{ id, state: "finished", folder: join(target, "runs", `run-${id}`) }]);
    expect((await copy.derive(id, null)).hash).toBe(hash);
    expect((await copy.getPreferences()).theme).toBe("dark");
    expect(await lab.listRuns()).toHaveLength(1);
    await expect(lab.copyHome(target)).rejects.toThrow("must be empty or not be there yet");
    await expect(lab.copyHome(join(home, "inside"))).rejects.toThrow("must lie outside of");
  });

  it.skipIf(process.platform === "win32")("goes to another computer by rsync", async () => {
    const { home, lab, id } = await prepare();
    await lab.waitForRun(id);
    const tools = await makeFolder();
    const said = join(tools, "said");
    await writeFile(join(tools, "rsync"), `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\n`);
    await chmod(join(tools, "rsync"), 0o755);
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env["PATH"] ?? ""}`);
    try {
      await lab.copyHome("me@host:lab");
    } finally {
      vi.unstubAllEnvs();
    }
    const args = (await readFile(said, "utf8")).trim().split("\n");
    expect(args).toEqual(expect.arrayContaining(["-a", "--exclude=/serve-token", "--exclude=/trash"]));
    expect(args.slice(-3)).toEqual(["--", `${home}/`, "me@host:lab/"]);
  });
});
