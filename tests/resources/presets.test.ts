import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { readSettingsFile } from "#main/config/collectLayers.ts";
import { singlesLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { SETTINGS_KINDS } from "#shared/runs/settings.ts";

const folder = resolve("resources/presets");
const presets = readdirSync(folder).map((file) => {
  const kind = SETTINGS_KINDS.find((name) => file.endsWith(`.${name}.yaml`));
  return { file, kind };
});

/** The settings of a tree as dotted paths with their values; lists are values. */
function leavesOf(tree: unknown, path = ""): [string, unknown][] {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, value]) => leavesOf(value, path === "" ? key : `${path}.${key}`));
}

describe("presets", () => {
  it("are there for a quick look, a night and the journal paper, of searches and of trainings", () => {
    expect(presets.map(({ file }) => file)).toEqual(
      expect.arrayContaining(
        ["quick", "overnight", "published"].flatMap((name) => [`${name}.search.yaml`, `${name}.train.yaml`]),
      ),
    );
  });

  it.each(presets)("$file names its kind of settings and is accepted as it is", async ({ file, kind }) => {
    if (kind === undefined) throw new Error(`${file} must end with .${SETTINGS_KINDS.join(".yaml, .")}.yaml`);
    const layer = await readSettingsFile("preset", join(folder, file), file);
    expect(() => resolveConfig(kind, [layer])).not.toThrow();
  });

  it.each(presets)(
    "$file holds only what differs from its variants' defaults, its noise in full and its primitives by name",
    async ({ file, kind = "search" }) => {
      const { values } = await readSettingsFile("preset", join(folder, file), file);
      const leaves = leavesOf(values).filter(([path]) => !path.startsWith("noise.") && path !== "space.primitives");
      const picks = leaves.filter(([path]) => path.endsWith(".kind"));
      const others = leaves.filter((leaf) => !picks.includes(leaf));
      const variants = singlesLayer(
        "preset",
        picks.map(([path, value]) => ({ path, value, place: file })),
      );
      const repeatsOf = (settings: readonly [string, unknown][], defaults: ReadonlyMap<string, unknown>) =>
        settings.filter(([path, value]) => JSON.stringify(defaults.get(path)) === JSON.stringify(value));
      const repeated = [
        ...repeatsOf(picks, new Map(leavesOf(resolveConfig(kind, []).settings))),
        ...repeatsOf(others, new Map(leavesOf(resolveConfig(kind, [variants]).settings))),
      ];
      expect(repeated).toEqual([]);
    },
  );

  it.each(presets.filter(({ kind }) => kind === "search"))(
    "$file names its primitives, so that a later one changes no search of it",
    async ({ file }) => {
      const { values } = await readSettingsFile("preset", join(folder, file), file);
      expect(new Map(leavesOf(values)).get("space.primitives")).toContain("conv_3x3");
    },
  );
});
