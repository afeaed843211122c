import { mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { getAddonFile, getEngineFolder } from "#main/engine/install/engineCache.ts";
import { ADDON_VARIABLE } from "#main/engine/install/computeEnvironment.ts";
import { type EngineRoutes, ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { KNOWN_WHEELS, type KnownWheels } from "#main/engine/install/knownWheels.ts";
import { probeAddon } from "#main/engine/install/probeAddon.ts";
import {
  TOOLS,
  makePackage,
  makeWheelhouse,
  withPip,
  withPrograms,
  withWheelhouse,
} from "#tests/helpers/fakeTensorflow.ts";

/** Wheels for pip to find: one that is whole, and one without its main library. */
let wheels = { folder: "", whole: "", incomplete: "" };
let known = { whole: KNOWN_WHEELS, incomplete: KNOWN_WHEELS };
beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), "hinas-wheels-"));
  wheels = { folder: parent, whole: join(parent, "whole"), incomplete: join(parent, "incomplete") };
  if (TOOLS === null) return;
  known = {
    whole: makeWheelhouse(wheels.whole, ["libtensorflow_cc", "libtensorflow_framework"]),
    incomplete: makeWheelhouse(wheels.incomplete, ["libtensorflow_framework"]),
  };
});
afterAll(() => rm(wheels.folder, { recursive: true }));

let folder = "";
let lines: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-engine-"));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true }));

const log = (line: string): void => void lines.push(line);
const countDownloads = (): number => lines.filter((line) => line.startsWith("downloading tensorflow-cpu")).length;

function findRoute(found: EngineRoutes, name: string): EngineRoutes["routes"][number] | undefined {
  return found.routes.find((route) => route.route === name);
}

describe.skipIf(TOOLS === null)("ensureEngine with pip and g++ (skipped where they are missing)", () => {
  interface Places {
    readonly cacheFolder: string;
    readonly packageFolder: string;
    readonly env: NodeJS.ProcessEnv;
    readonly wheels: KnownWheels;
    /** Where the engine is to stand. */
    readonly engineFolder: string;
  }

  function setup(kind: "whole" | "incomplete" = "whole"): Places {
    const cacheFolder = join(folder, "cache");
    return {
      cacheFolder,
      packageFolder: makePackage(join(folder, "package")),
      env: withWheelhouse(wheels[kind]),
      wheels: known[kind],
      engineFolder: getEngineFolder(cacheFolder, "cpu"),
    };
  }

  it("builds an engine that loads from its own place, and writes nothing into the package", async () => {
    const { engineFolder, ...places } = setup();
    const found = await ensureEngine({ ...places, log });
    expect(findRoute(found, "TensorFlow wheel")).toEqual({
      route: "TensorFlow wheel",
      ok: true,
      detail: `TensorFlow 2.21.0 in ${engineFolder}`,
    });
    const addon = getAddonFile(engineFolder);
    expect(found).toMatchObject({ native: true, env: { TF_ENABLE_ONEDNN_OPTS: "1", [ADDON_VARIABLE]: addon } });
    expect(await probeAddon(addon, process.env)).toBe("2.21.0");
    expect(await readdir(places.packageFolder, { recursive: true })).toEqual(["binding", "binding/tfjs_binding.cc"]);
    expect((await readdir(engineFolder)).sort()).toEqual(["deps", "engine.json", "lib"]);
  });

  it("takes the engine from the cache for a package that was installed anew", async () => {
    const { engineFolder, ...places } = setup();
    await ensureEngine({ ...places, log });
    await rm(places.packageFolder, { recursive: true });
    const env = { [ADDON_VARIABLE]: getAddonFile(engineFolder) };
    expect(await ensureEngine({ ...places, log })).toMatchObject({ native: true, env });
    expect(countDownloads()).toBe(1);
  });

  it("builds anew where a library in the cache is cut short, and says so", async () => {
    const { engineFolder, ...places } = setup();
    await ensureEngine({ ...places, log });
    await truncate(join(engineFolder, "deps", "lib", "libtensorflow_cc.so.2"), 1000);
    expect(await ensureEngine({ ...places, log })).toMatchObject({ native: true });
    expect(countDownloads()).toBe(2);
    expect(lines).toContainEqual(
      expect.stringMatching(/not whole: .*libtensorflow_cc.so.2: should have \d+ bytes, got 1000/),
    );
  });

  it("builds once for two that ask at the same time", async () => {
    const places = setup();
    const found = await Promise.all([ensureEngine({ ...places, log }), ensureEngine({ ...places, log })]);
    expect(found.map(({ native }) => native)).toEqual([true, true]);
    expect(countDownloads()).toBe(1);
  });

  it("clears away what a killed build left behind, and never takes it for an engine", async () => {
    const { engineFolder, ...places } = setup();
    mkdirSync(`${engineFolder}.building-killed`, { recursive: true });
    await writeFile(join(`${engineFolder}.building-killed`, "half"), "a library");
    expect(await ensureEngine({ ...places, log })).toMatchObject({ native: true });
    expect(countDownloads()).toBe(1);
    expect(existsSync(`${engineFolder}.building-killed`)).toBe(false);
  });

  it("leaves nothing in the cache where the wheel lacks a library", async () => {
    const { engineFolder, ...places } = setup("incomplete");
    const found = await ensureEngine({ ...places, log });
    expect(findRoute(found, "TensorFlow wheel")?.detail).toBe(
      "the wheel should hold libtensorflow_cc.so.2 and libtensorflow_framework.so.2, got 1 of them",
    );
    expect(found.native).toBe(false);
    expect((await readdir(join(engineFolder, ".."))).filter((name) => !name.endsWith(".failed.json"))).toEqual([]);
  });

  it("says what the compiler says where the addon does not compile", async () => {
    const places = setup();
    await writeFile(join(places.packageFolder, "binding", "tfjs_binding.cc"), "int broken = nothing;\n");
    const found = await ensureEngine({ ...places, log });
    expect(findRoute(found, "TensorFlow wheel")?.detail).toMatch(/^the addon does not compile: .*error: .*nothing/);
  });

  it("says what pip says where there is no wheel", async () => {
    const places = setup();
    const found = await ensureEngine({ ...places, env: withWheelhouse(join(folder, "package")), log });
    expect(findRoute(found, "TensorFlow wheel")?.detail).toMatch(
      /^pip could not download tensorflow-cpu==2.21.0: .*ERROR/,
    );
  });

  it("does not try again for an hour what failed, unless asked to", async () => {
    const places = setup("incomplete");
    await ensureEngine({ ...places, log });
    const again = await ensureEngine({ ...places, log });
    expect(findRoute(again, "TensorFlow wheel")?.detail).toMatch(
      /got 1 of them \(tried at .*; `hinas doctor` tries again\)/,
    );
    expect(countDownloads()).toBe(1);
    expect(lines.at(-1)).toMatch(/^not installing TensorFlow again yet: .*got 1 of them \(tried at .*; `hinas doctor`/);
    await ensureEngine({ ...places, log, retry: true });
    expect(countDownloads()).toBe(2);
  });

  it("tries again as soon as the compiler that was missing is there", async () => {
    const { env, ...places } = setup();
    const python = TOOLS?.python ?? "";
    const bare = { ...env, ...withPrograms(join(folder, "bin"), { python3: python }) };
    const without = await ensureEngine({ ...places, env: bare, log });
    expect(findRoute(without, "TensorFlow wheel")?.detail).toBe("a C++ compiler (g++) was not found");
    expect(await ensureEngine({ ...places, env, log })).toMatchObject({ native: true });
  });
});

describe.skipIf(process.platform !== "linux")("ensureEngine that is ended from outside (skipped outside Linux)", () => {
  const places = () => ({ cacheFolder: join(folder, "cache"), packageFolder: makePackage(join(folder, "package")) });
  const HANGS = `require("node:fs").writeFileSync(__filename + ".begun", ""); setInterval(() => undefined, 1000);`;

  /** Stops an installation once `hasBegun`. */
  async function stopWhen(options: Parameters<typeof ensureEngine>[0], hasBegun: () => boolean): Promise<void> {
    const stop = new AbortController();
    const installing = expect(ensureEngine({ ...options, signal: stop.signal })).rejects.toMatchObject({
      kind: "interrupted",
      message: "the engine's installation was stopped",
    });
    await expect.poll(hasBegun, { timeout: 20_000 }).toBe(true);
    stop.abort();
    await installing;
  }

  it("ends the download, leaves nothing in the cache, and tries again at once the next time", async () => {
    const options = { ...places(), env: withPip(join(folder, "bin"), HANGS), log };
    const begun = join(folder, "bin", "python3.begun");
    await stopWhen(options, () => existsSync(begun));
    expect(await readdir(join(folder, "cache", "engine"))).toEqual([]);
    await rm(begun);
    await stopWhen(options, () => existsSync(begun));
    expect(countDownloads()).toBe(2);
  });

  it("does not remember that somebody killed pip", async () => {
    const options = { ...places(), env: withPip(join(folder, "bin"), `process.kill(process.pid, "SIGINT");`), log };
    const found = await ensureEngine(options);
    expect(findRoute(found, "TensorFlow wheel")?.detail).toContain("python3 ended with SIGINT");
    await ensureEngine(options);
    expect(countDownloads()).toBe(2);
  });

  it("ends waiting for another process that installs", async () => {
    const options = { ...places(), env: withPip(join(folder, "bin"), HANGS), log };
    const begun = join(folder, "bin", "python3.begun");
    const other = new AbortController();
    const installing = ensureEngine({ ...options, signal: other.signal }).catch(() => null);
    await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
    await stopWhen(options, () => lines.some((line) => line.startsWith("another process is installing")));
    other.abort();
    await installing;
  });
});

describe("ensureEngine without pip and compiler", () => {
  it("tries every route in order, says why each failed, and never throws", async () => {
    const options = { cacheFolder: join(folder, "cache"), packageFolder: makePackage(join(folder, "package")), log };
    const found = await ensureEngine({ ...options, env: withPrograms(join(folder, "bin"), {}) });
    expect(found.native).toBe(false);
    expect(found.routes.map(({ route, ok }) => [route, ok])).toEqual([
      ["addon in the package", false],
      ["TensorFlow wheel", false],
      ["the package's own installer", false],
    ]);
    const expected = process.platform === "linux" ? "python3 with pip was not found" : "wheels are used on Linux only";
    expect(found.routes[1]?.detail).toContain(expected);
    expect(found.routes[2]?.detail).toMatch(/^not tried: .* carry no checksum; `hinas doctor --allow-unverified`/);
  });

  it("runs the package's own installer, whose files nobody checks, where somebody allows it", async () => {
    const options = { cacheFolder: join(folder, "cache"), packageFolder: makePackage(join(folder, "package")), log };
    const found = await ensureEngine({
      ...options,
      env: withPrograms(join(folder, "bin"), {}),
      mayUseUnverified: true,
    });
    expect(found.routes[2]?.detail).toContain("Cannot find module");
  });

  it("refuses a file in the package that is no addon", async () => {
    const packageFolder = makePackage(join(folder, "package"));
    mkdirSync(join(packageFolder, "lib", "napi-v8"), { recursive: true });
    await writeFile(getAddonFile(packageFolder), "no addon");
    const env = withPrograms(join(folder, "bin"), {});
    const found = await ensureEngine({ cacheFolder: join(folder, "cache"), packageFolder, env, log });
    expect(findRoute(found, "addon in the package")?.detail).toMatch(/^the addon does not load: /);
  });

  it("does not build into a cache that is a file, and says so", async () => {
    await writeFile(join(folder, "cache"), "");
    const options = { cacheFolder: join(folder, "cache"), packageFolder: makePackage(join(folder, "package")), log };
    const found = await ensureEngine({ ...options, env: withPrograms(join(folder, "bin"), {}) });
    expect(found).toMatchObject({ native: false });
  });
});

describe.skipIf(TOOLS === null)("the package's own addon (skipped where pip or g++ are missing)", () => {
  it("comes before the cache where it works, and the installer may bring it", async () => {
    const builder = makePackage(join(folder, "builder"));
    const built = { cacheFolder: join(folder, "other"), packageFolder: builder, env: withWheelhouse(wheels.whole) };
    await ensureEngine({ ...built, wheels: known.whole, log });
    const packageFolder = makePackage(join(folder, "package"));
    mkdirSync(join(packageFolder, "scripts"));
    await writeFile(
      join(packageFolder, "scripts", "install.js"),
      `
      const fs = require("node:fs");
      fs.cpSync(${JSON.stringify(join(getEngineFolder(built.cacheFolder, "cpu"), "lib"))}, "lib", { recursive: true });
      fs.cpSync(${JSON.stringify(join(getEngineFolder(built.cacheFolder, "cpu"), "deps"))}, "deps", { recursive: true });
    `,
    );
    const options = {
      cacheFolder: join(folder, "cache"),
      packageFolder,
      env: withPrograms(join(folder, "bin"), {}),
      mayUseUnverified: true,
      log,
    };
    const installed = await ensureEngine(options);
    expect(findRoute(installed, "the package's own installer")).toMatchObject({ ok: true });
    const again = await ensureEngine(options);
    expect(again.routes).toEqual([
      { route: "addon in the package", ok: true, detail: `TensorFlow 2.21.0 in ${packageFolder}` },
    ]);
  });
});
