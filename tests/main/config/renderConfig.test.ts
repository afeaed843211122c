import { describe, expect, it } from "vitest";

import { singlesLayer, yamlLayer } from "#main/config/layerSources.ts";
import { renderConfig } from "#main/config/renderConfig.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { SETTINGS_KINDS } from "#shared/runs/settings.ts";

const layers = [
  yamlLayer("project", "noise: {sigma255: {from: 0, to: 55}}\ntraining:\n  optimiser: {kind: adam}", "hinas.yaml"),
  singlesLayer("flag", [{ path: "name", value: "a: # tricky 'name'", place: "--name" }]),
];

describe("renderConfig", () => {
  it("writes behind each value where it comes from", () => {
    const lines = renderConfig(resolveConfig("train", layers)).split("\n");
    expect(lines).toContain("seed: 0 # default");
    expect(lines).toContain("  sigma255: {from: 0, to: 55} # hinas.yaml line 1");
    expect(lines).toContain("    kind: adam # hinas.yaml line 3");
    expect(lines).toContain("    learningRate: 0.001 # default");
    expect(lines).toContain("  averagingDecay: null # default");
  });

  it("puts an origin on every line that holds a value", () => {
    const lines = renderConfig(resolveConfig("search", [])).trimEnd().split("\n");
    expect(lines.filter((line) => !line.endsWith(":") && !line.endsWith(" # default"))).toEqual([]);
  });

  it.each(SETTINGS_KINDS)("writes a file that gives the same settings of %s again", (kind) => {
    const resolved = resolveConfig(kind, kind === "evaluation" ? layers.slice(0, 1) : layers);
    const again = resolveConfig(kind, [yamlLayer("file", renderConfig(resolved), "again.yaml")]);
    expect(again.settings).toEqual(resolved.settings);
  });
});
