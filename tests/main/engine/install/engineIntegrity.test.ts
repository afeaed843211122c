import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { getAddonFile, getEngineFolder, getEngineKey } from "#main/engine/install/engineCache.ts";
import { ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { KNOWN_WHEELS } from "#main/engine/install/knownWheels.ts";
import { probeAddon } from "#main/engine/install/probeAddon.ts";
import {
  TOOLS,
  makePackage,
  makeSourcePackage,
  makeWheelhouse,
  withWheelhouse,
} from "#tests/helpers/fakeTensorflow.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

describe.skipIf(TOOLS === null)("an engine's integrity (skipped where pip or g++ are missing)", () => {
  let wheelhouse = "";
  let known = KNOWN_WHEELS;
  beforeAll(async () => {
    wheelhouse = await mkdtemp(join(tmpdir(), "hinas-wheels-"));
    known = makeWheelhouse(wheelhouse, ["libtensorflow_cc", "libtensorflow_framework"]);
  });
  afterAll(() => rm(wheelhouse, { recursive: true }));

  let folder = "";
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "hinas-engine-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const log = (): void => undefined;
  const setup = () => ({
    cacheFolder: join(folder, "cache"),
    packageFolder: makePackage(join(folder, "package")),
    env: withWheelhouse(wheelhouse),
    wheels: known,
  });

  it("works in a cache whose path has spaces, commas and letters beyond ASCII, and where that is moved to", async () => {
    const places = setup();
    const cacheFolder = join(folder, "Größe, 雑音 cache");
    expect(await ensureEngine({ ...places, cacheFolder, log })).toMatchObject({ native: true });
    const moved = join(folder, "d'à côté");
    await rename(cacheFolder, moved);
    expect(await probeAddon(getAddonFile(getEngineFolder(moved, "cpu")), process.env)).toBe("2.21.0");
  });

  it("refuses a wheel that is not the published one, unpacks nothing of it and says so", async () => {
    const places = setup();
    const found = await ensureEngine({ ...places, wheels: KNOWN_WHEELS, log });
    expect(found.routes.find(({ route }) => route === "TensorFlow wheel")?.detail).toMatch(
      /could not download .*DO NOT MATCH THE HASHES/,
    );
    expect(found.native).toBe(false);
    expect(
      (await readdir(join(places.cacheFolder, "engine"))).filter((name) => !name.endsWith(".failed.json")),
    ).toEqual([]);
  });

  it("runs no package's code where an index has sources in place of a wheel", async () => {
    const sources = join(folder, "sources");
    const ran = join(folder, "ran");
    makeSourcePackage(sources, ran);
    const { cacheFolder, packageFolder, wheels } = setup();
    const found = await ensureEngine({ cacheFolder, packageFolder, wheels, env: withWheelhouse(sources), log });
    expect(found.routes.find(({ route }) => route === "TensorFlow wheel")?.detail).toMatch(/^pip could not download/);
    expect(existsSync(ran)).toBe(false);
  });

  it("lets two processes that install at the same time both have an engine", async () => {
    const places = setup();
    const script = `
      import { ensureEngine } from "#main/engine/install/ensureEngine.ts";
      const { native } = await ensureEngine({ ...JSON.parse(process.argv[1]), log: console.log });
      console.log(native ? "has an engine" : "has none");`;
    const start = () => startScript(script, JSON.stringify(places)).ended;
    const outputs = (await Promise.all([start(), start()])).map(({ output }) => output);
    expect(outputs.map((output) => output.includes("has an engine"))).toEqual([true, true]);
    expect(outputs.filter((output) => output.includes("downloading tensorflow-cpu"))).toHaveLength(1);
    expect(await readdir(join(places.cacheFolder, "engine"))).toEqual([getEngineKey("cpu")]);
  });
});
